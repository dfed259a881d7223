import { setTimeout as sleep } from 'node:timers/promises';
import type { Cause } from '../../db/consumers/dead-letters';
import { Fenced, keyOf } from '../../db/consumers/inbox';
import { forgetStarts } from '../../db/consumers/leases';
import { forgetParkedStarts } from '../../db/consumers/parked';
import type { FailedAttempt } from '../../db/consumers/tables';
import { attempt, type AttemptOptions, type Handling } from './attempt';
import type { Breaker, Verdict } from './breaker';
import type { Reaction } from './consumer';
import { decodeDelivery } from './decode';
import { describeError, isDependencyDown, NeverRetry } from './errors';
import { nextAttempt, type RetryPolicy } from './retry-policy';
import {
  bury,
  buryCrasher,
  buryUndecodable,
  MAX_CRASHES,
  passOver,
  putAside,
  waitBehind,
  whereOf,
  type Telling,
} from './set-aside';
import type { Work } from './work';

/** What settling needs. */
export interface Settling extends AttemptOptions, Telling {
  readonly member: string;
  readonly reactions: readonly Reaction<never>[];
  readonly whenParked: 'hold' | 'skip';
  readonly retry: RetryPolicy;
  readonly breaker: Breaker;
}

/**
 * Brings deliveries of one partition to an end that PostgreSQL knows of: handled, parked or dead.
 * Takes as long as that takes. Throws Fenced, or the signal's reason, when the partition is left
 * before.
 */
export async function settle(settling: Settling, works: readonly Work[]): Promise<void> {
  const handlings: Handling[] = [];
  for (const work of works) {
    const next = prepare(settling, work);
    if ('settle' in next) await next.settle();
    else handlings.push(next);
  }
  if (handlings.length > 1 && (await handleTogether(settling, handlings))) return;
  for (const handling of handlings) {
    // One before it in this batch may have been parked just now.
    if (isHeld(settling, handling.work)) await waitBehind(settling, handling.work);
    else await handleAlone(settling, handling);
  }
}

/** The event that is to be handled, or how the delivery is settled without. */
function prepare(settling: Settling, work: Work): Handling | { settle: () => Promise<void> } {
  // It was begun with others at first, and has just been begun again.
  const crashes = (work.parked?.starts ?? 0) - 2;
  if (crashes >= MAX_CRASHES) return { settle: () => buryCrasher(settling, work, crashes) };
  const decoded = decodeDelivery(work.delivery, settling.reactions);
  if (decoded.kind === 'undecodable') {
    return { settle: () => buryUndecodable(settling, work, decoded.error) };
  }
  if (decoded.kind === 'not_ours') return { settle: () => passOver(settling, work) };
  if (isHeld(settling, work)) return { settle: () => waitBehind(settling, work) };
  const { event, reaction } = decoded;
  return { work, event, reaction, attempt: (work.parked?.attempts ?? 0) + 1 };
}

/** Whether something earlier of its key is parked, for which it has to wait. */
function isHeld({ whenParked }: Settling, { parked, partition, delivery }: Work): boolean {
  if (whenParked !== 'hold' || parked || partition.heldKeys.size === 0) return false;
  return partition.heldKeys.has(keyOf(delivery));
}

/** All in one transaction; false when that failed, and they are to be handled one by one. */
async function handleTogether(
  { breaker, ...options }: Settling,
  handlings: readonly Handling[],
): Promise<boolean> {
  const { partition } = handlings[0]!.work;
  await breaker.enter(partition.signal);
  let verdict: Verdict = 'nothing';
  try {
    partition.signal.throwIfAborted();
    await attempt(options, partition, handlings);
    verdict = 'well';
    return true;
  } catch (error) {
    if (error instanceof Fenced || partition.signal.aborted) throw error;
    return false;
  } finally {
    breaker.leave(verdict);
  }
}

/** Attempts until it is handled, parked or dead. */
async function handleAlone(settling: Settling, first: Handling): Promise<void> {
  const { work } = first;
  const { signal } = work.partition;
  const history: FailedAttempt[] = [...(work.parked?.history ?? [])];
  const firstFailureAt = history[0] ? Date.parse(history[0].at) : Date.now();
  let isDoubted: number | undefined;
  for (let attempts = first.attempt; ;) {
    const failure = await tryOnce(settling, { ...first, attempt: attempts }, isDoubted);
    if (!failure) return;
    if (failure.isUncharged) {
      await exonerate(settling, work);
      isDoubted = settling.breaker.successes;
      continue;
    }
    const { error } = failure;
    history.push(failedAttempt(settling.member, error));
    const elapsedMs = Date.now() - firstFailureAt;
    const next = nextAttempt(settling.retry, { attempts, elapsedMs, error });
    if (error instanceof NeverRetry) {
      return bury(settling, work, causeOf(error, 'never_retry', attempts, history));
    }
    if (next.kind === 'exhausted') {
      return bury(settling, work, causeOf(error, next.reason, attempts, history));
    }
    const isRedriven = (work.parked?.deadLetterId ?? null) !== null;
    if (next.kind === 'parked' && isRedriven) {
      // Whoever redrives it waits for the result.
      return bury(settling, work, causeOf(error, 'attempts_exhausted', attempts, history));
    }
    // While everything fails, an event makes room for the next probe.
    if (next.kind === 'parked' || settling.breaker.isOpen) {
      settling.logger.warn({ ...whereOf(work), attempts, err: error, ...next }, 'failed, parked');
      return putAside(settling, work, { attempts, history, dueInMs: next.inMs });
    }
    await sleep(next.inMs, undefined, { signal });
    attempts += 1;
  }
}

/** It came back: whatever ends its process while it waits for what is down, it was not this event. */
async function exonerate({ db }: Settling, { delivery, parked }: Work): Promise<void> {
  const clearing = parked ? forgetParkedStarts(db, parked.parkedId) : forgetStarts(db, delivery);
  // While PostgreSQL is what is down, no start is counted either.
  await clearing.catch(() => undefined);
}

interface Failure {
  readonly error: unknown;
  /** It is the dependency's failure, not the event's. */
  readonly isUncharged: boolean;
}

/**
 * One attempt; undefined when it went well. A dependency that is down for this event alone, while
 * others succeed (`isDoubted`: how many had when it was last said to be down), is charged to it.
 */
async function tryOnce(
  { breaker, ...options }: Settling,
  handling: Handling,
  isDoubted: number | undefined,
): Promise<Failure | undefined> {
  const { partition, parked } = handling.work;
  await breaker.enter(partition.signal);
  let verdict: Verdict = 'nothing';
  try {
    partition.signal.throwIfAborted();
    await attempt(options, partition, [handling]);
    verdict = 'well';
    return undefined;
  } catch (error) {
    if (error instanceof Fenced || partition.signal.aborted) throw error;
    const isUncharged =
      isDependencyDown(error) && (isDoubted === undefined || isDoubted === breaker.successes);
    if (isUncharged) verdict = 'down';
    else if (!(error instanceof NeverRetry) && !parked && handling.attempt === 1)
      verdict = 'failed';
    return { error, isUncharged };
  } finally {
    breaker.leave(verdict);
  }
}

function failedAttempt(member: string, error: unknown): FailedAttempt {
  const { errorClass, message } = describeError(error);
  return { at: new Date().toISOString(), member, errorClass, message: message.slice(0, 500) };
}

function causeOf(
  error: unknown,
  reason: Cause['reason'],
  attempts: number,
  history: readonly FailedAttempt[],
): Cause {
  const { errorClass, text, fingerprint: mark } = describeError(error);
  return { reason, attempts, error: text, errorClass, fingerprint: mark, history };
}
