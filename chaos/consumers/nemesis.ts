import type { System } from '../../dev/system';
import { seededRandom } from '../proxy';

const KILL_EVERY_MS = 1_000;

/** Kills one of these processes every second; each is started again at once. */
export function startKilling(system: System, members: readonly string[], seed: number) {
  const random = seededRandom(seed);
  let kills = 0;
  const timer = setInterval(() => {
    const member = members[Math.floor(random() * members.length)]!;
    const pid = system.processes.pidOf(member);
    if (pid === undefined) return;
    try {
      process.kill(pid, 'SIGKILL');
      kills += 1;
    } catch {
      // It is being started again.
    }
  }, KILL_EVERY_MS);
  return {
    kills: () => kills,
    stop: () => clearInterval(timer),
  };
}
