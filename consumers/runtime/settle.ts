import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { Logger } from 'pino';
import { giveUp, type Cause } from '../../db/consumers/dead-letters';
import { eventIdOf, Fenced, keyOf, requireOwnership } from '../../db/consumers/inbox';
import { isKeyParked, park, parkBehind, unpark } from '../../db/consumers/parked';
import type { FailedAttempt, RuntimeSchema } from '../../db/consumers/tables';
import { attempt, type AttemptOptions, type Handling } from './attempt';
import type { Breaker, Verdict } from './breaker';
import type { Reaction } from './consumer';
import { decodeDelivery } from './decode';
import { describeError, fingerprint, isDependencyDown, NeverRetry } from './errors';
import { nextAttempt, type RetryPolicy } from './retry-policy';
import type { Work } from './work';

/** While the database cannot be told what became of a delivery, it is told again after so long. */
const TELL_AGAIN_MS = [100, 500, 1_000, 5_000];

/** What settling needs. */
export interface Settling extends AttemptOptions {
  readonly member: string;
  readonly reactions: readonly Reaction<never>[];
  readonly whenParked: 'hold' | 'skip';
  readonly retry: RetryPolicy;
  readonly breaker: Breaker;
  readonly logger: Logger;
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

/** An event at whose beginning so many owners died has ended them. */
export const MAX_CRASHES = 3;

/** Gives up a delivery at which owners died, and which never failed. */
export async function buryCrasher(
  settling: Settling,
  work: Pick<Work, 'partition' | 'delivery' | 'parked'>,
  crashes: number,
): Promise<void> {
  const error = `${crashes} processes ended while they handled it`;
  const errorClass = 'Crash';
  await bury(settling, work, {
    ...{ reason: 'crashes_exhausted', error, errorClass, attempts: work.parked?.attempts ?? 0 },
    ...{ fingerprint: fingerprint(errorClass, error), history: work.parked?.history ?? [] },
  });
}

/** The event that is to be handled, or how the delivery is settled without. */
function prepare(settling: Settling, work: Work): Handling | { settle: () => Promise<void> } {
  const crashes = (work.parked?.starts ?? 0) - 1;
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
  return whenParked === 'hold' && !parked && partition.heldKeys.has(keyOf(delivery));
}

async function buryUndecodable(settling: Settling, work: Work, error: string): Promise<void> {
  const { errorClass, message } = describeError(new Undecodable(error));
  const cause = { reason: 'undecodable', error: message, errorClass, attempts: 0 } as const;
  const mark = fingerprint(errorClass, message);
  await bury(settling, work, { ...cause, fingerprint: mark, history: [] });
}

async function passOver(settling: Settling, work: Work): Promise<void> {
  // Parked by an earlier version of the consumer, which reacted to it.
  if (work.parked) await tell(settling, work, (tx) => unpark(tx, work.delivery));
}

class Undecodable extends Error {
  override readonly name = 'Undecodable';
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

async function waitBehind(
  settling: Settling,
  { partition, delivery, isReplay }: Work,
): Promise<void> {
  const key = keyOf(delivery);
  await tell(settling, { partition }, (tx) => parkBehind(tx, delivery, { key, isReplay }));
}

async function putAside(
  settling: Settling,
  { partition, delivery, isReplay }: Work,
  failed: { attempts: number; history: readonly FailedAttempt[]; dueInMs: number },
): Promise<void> {
  const key = keyOf(delivery);
  // Before it is told: while the answer is awaited, nothing else of the key begins, but what comes
  // after a lost answer must know.
  if (key !== '') partition.heldKeys.add(key);
  await tell(settling, { partition }, (tx) => park(tx, delivery, { key, isReplay, ...failed }));
}

/** Gives a delivery up. */
async function bury(
  settling: Settling,
  work: Pick<Work, 'partition' | 'delivery' | 'parked'>,
  cause: Cause,
): Promise<void> {
  const { partition, delivery } = work;
  const { errorClass, reason, attempts } = cause;
  settling.logger.error({ ...whereOf(work), reason, attempts, errorClass }, 'dead letter');
  const { type } = delivery.fields;
  const id = delivery.fields['id'] === undefined ? undefined : eventIdOf(delivery);
  const key = keyOf(delivery);
  const isReleased = await tell(settling, work, async (tx) => {
    await giveUp(tx, delivery, { eventId: id, eventType: type, key }, cause);
    return work.parked !== undefined && !(await isKeyParked(tx, key));
  });
  if (isReleased) partition.heldKeys.delete(key);
}

/** Tells PostgreSQL what became of a delivery, again until it has heard it. */
async function tell<Result>(
  { db, logger }: Settling,
  { partition }: Pick<Work, 'partition'>,
  write: (tx: Transaction<RuntimeSchema>) => Promise<Result>,
): Promise<Result> {
  for (let failures = 0; ; failures += 1) {
    try {
      partition.signal.throwIfAborted();
      return await db.transaction().execute(async (tx) => {
        await requireOwnership(tx, partition);
        return write(tx);
      });
    } catch (error) {
      if (error instanceof Fenced || partition.signal.aborted) throw error;
      logger.warn({ err: error, stream: partition.stream }, 'could not keep what became of it');
      const pauseMs = TELL_AGAIN_MS[Math.min(failures, TELL_AGAIN_MS.length - 1)];
      await sleep(pauseMs, undefined, { signal: partition.signal });
    }
  }
}

function whereOf({ delivery: { stream, entryId, fields } }: Pick<Work, 'delivery'>) {
  return { stream, entryId, eventId: fields['id'], orderId: fields['key'] };
}
