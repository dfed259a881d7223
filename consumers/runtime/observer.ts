import type { Envelope } from '../../events/envelope';

/** What became of a delivery, once PostgreSQL knows of it. */
type Settlement = 'handled' | 'parked' | 'waiting behind' | 'dead';

/** An event that is attempted. */
export interface Attempted {
  readonly event: Envelope;
  /** 1 at first. */
  readonly attempt: number;
  readonly isReplay: boolean;
}

/**
 * Who measures and traces what a member does. It decides nothing, and must not throw.
 * @public
 */
export interface Observer {
  /** Runs one attempt at these events, in one transaction, and hands on what comes of it. */
  readonly around: <Result>(
    attempted: readonly Attempted[],
    run: () => Promise<Result>,
  ) => Promise<Result>;
  readonly settled: (settlement: Settlement, count: number) => void;
  /** What the group depends on is down, or up again. */
  readonly breakerChanged: (isOpen: boolean) => void;
}

/** Where nobody looks. */
export const UNOBSERVED: Observer = {
  around: (_, run) => run(),
  settled: () => undefined,
  breakerChanged: () => undefined,
};
