import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Logger } from 'pino';
import { giveUp, recordRedriven, type Cause } from '../../db/consumers/dead-letters';
import { eventIdOf, Fenced, keyOf, requireOwnership } from '../../db/consumers/inbox';
import { isKeyParked, park, parkBehind, unpark } from '../../db/consumers/parked';
import type { FailedAttempt, RuntimeSchema } from '../../db/consumers/tables';
import { describeError, fingerprint } from './errors';
import type { Observer } from './observer';
import type { Work } from './work';

/** While the database cannot be told what became of a delivery, it is told again after so long. */
const TELL_AGAIN_MS = [100, 500, 1_000, 5_000];

/** What setting aside needs. */
export interface Telling {
  readonly db: Kysely<RuntimeSchema>;
  readonly logger: Logger;
  readonly observer: Observer;
}

/**
 * An event has ended its processes when so many died in a row that tried it, and nothing else of what
 * the dead had left. The first of them, which had hundreds of others under way, does not count: any of
 * those, or none, may have ended it.
 */
export const MAX_CRASHES = 3;

/** Gives up a delivery at which owners died, and which never failed. */
export async function buryCrasher(
  telling: Telling,
  work: Pick<Work, 'partition' | 'delivery' | 'parked'>,
  crashes: number,
): Promise<void> {
  const error = `${crashes} processes ended while they handled it`;
  const errorClass = 'Crash';
  await bury(telling, work, {
    ...{ reason: 'crashes_exhausted', error, errorClass, attempts: work.parked?.attempts ?? 0 },
    ...{ fingerprint: fingerprint(errorClass, error), history: work.parked?.history ?? [] },
  });
}

class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

/** Gives up a delivery in which no event can be read, or one that breaks its contract. */
export async function buryUndecodable(telling: Telling, work: Work, error: string): Promise<void> {
  const { errorClass, message } = describeError(new Undecodable(error));
  const cause = { reason: 'undecodable', error: message, errorClass, attempts: 0 } as const;
  const mark = fingerprint(errorClass, message);
  await bury(telling, work, { ...cause, fingerprint: mark, history: [] });
}

/** Settles a delivery that nobody here reacts to. */
export async function passOver(telling: Telling, work: Work): Promise<void> {
  const { parked, delivery } = work;
  // An earlier version of the consumer reacted to it; or it was a dead letter, because it could not
  // be read.
  if (!parked) return;
  await tellEnd(telling, work, async (tx) => {
    await unpark(tx, delivery);
    if (parked.deadLetterId !== null) await recordRedriven(tx, parked.deadLetterId, 'passed over');
  });
}

/** Parks a delivery behind one of its key that is parked. */
export async function waitBehind(
  telling: Telling,
  { partition, delivery, isReplay }: Work,
): Promise<void> {
  const key = keyOf(delivery);
  await tell(telling, { partition }, (tx) => parkBehind(tx, delivery, { key, isReplay }));
  telling.observer.settled('waiting behind', 1);
}

/** Parks a delivery that failed. */
export async function putAside(
  telling: Telling,
  { partition, delivery, isReplay }: Work,
  failed: { attempts: number; history: readonly FailedAttempt[]; dueInMs: number },
): Promise<void> {
  const key = keyOf(delivery);
  // Before it is told: while the answer is awaited, nothing else of the key begins, but what comes
  // after a lost answer must know.
  if (key !== '') partition.heldKeys.add(key);
  await tell(telling, { partition }, (tx) => park(tx, delivery, { key, isReplay, ...failed }));
  telling.observer.settled('parked', 1);
}

/** Gives a delivery up. */
export async function bury(
  telling: Telling,
  work: Pick<Work, 'partition' | 'delivery' | 'parked'>,
  cause: Cause,
): Promise<void> {
  const { delivery } = work;
  const { errorClass, reason, attempts } = cause;
  telling.logger.error({ ...whereOf(work), reason, attempts, errorClass }, 'dead letter');
  const { type } = delivery.fields;
  const id = delivery.fields['id'] === undefined ? undefined : eventIdOf(delivery);
  const key = keyOf(delivery);
  await tellEnd(telling, work, (tx) =>
    giveUp(tx, delivery, { eventId: id, eventType: type, key }, cause),
  );
  telling.observer.settled('dead', 1);
}

/** Tells how a delivery ended; where it was the last of its key that is parked, the key goes on. */
async function tellEnd(
  telling: Telling,
  work: Pick<Work, 'partition' | 'delivery' | 'parked'>,
  write: (tx: Transaction<RuntimeSchema>) => Promise<void>,
): Promise<void> {
  const key = keyOf(work.delivery);
  const isReleased = await tell(telling, work, async (tx) => {
    await write(tx);
    return work.parked !== undefined && !(await isKeyParked(tx, key));
  });
  if (isReleased) work.partition.heldKeys.delete(key);
}

/** Tells PostgreSQL what became of a delivery, again until it has heard it. */
async function tell<Result>(
  { db, logger }: Telling,
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

/** A delivery in the words of a log. */
export function whereOf({ delivery: { stream, entryId, fields } }: Pick<Work, 'delivery'>) {
  return { stream, entryId, eventId: fields['id'], orderId: fields['key'] };
}
