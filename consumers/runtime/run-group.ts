import type { GroupOptions } from './group-options';
import { Member } from './member';

/** A member that is told to stop gives what it has begun so long to end. */
const DRAIN_MS = 7_000;

/** A member at work. */
export interface RunningGroup {
  /** Whether it holds its leases, reads, and reaches what it depends on. */
  readonly isHealthy: () => boolean;
  /** Finishes what it has begun, and hands the rest back. */
  readonly stop: () => Promise<void>;
}

/** Runs one member of a consumer group until it is stopped; no error ends it. */
export function runGroup(options: GroupOptions): RunningGroup {
  const member = new Member(options);
  const listener = options.listen((what) => member.wake(what));
  const running = member.run();
  return {
    isHealthy: () => member.isHealthy,
    async stop() {
      await listener.close();
      await member.stop(DRAIN_MS);
      await running;
    },
  };
}
