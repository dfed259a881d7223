import { sql, type Transaction } from 'kysely';
import { storableText } from '../storable-text';
import type { Delivery } from './inbox';
import { historyText, MAX_ERROR_LENGTH, unpark } from './parked';
import { settleRedriven } from './redrives';
import type { DeadLetterReason, DeadLetterState, FailedAttempt, RuntimeSchema } from './tables';

/** Why a delivery is given up, and what was tried. */
export interface Cause {
  readonly reason: DeadLetterReason;
  readonly attempts: number;
  readonly error: string;
  readonly errorClass: string;
  readonly fingerprint: string;
  readonly history: readonly FailedAttempt[];
}

/** The event in a delivery, as far as it can be read. */
export interface DeadEvent {
  readonly eventId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly key: string;
}

/**
 * Gives a delivery up: it is kept with its cause, and no longer parked. One that was given up
 * before and redriven is dead again, with the new cause; so is an event that a stream has lost, and
 * was given again. One that was discarded stays so. Safe to repeat.
 */
export async function giveUp(
  tx: Transaction<RuntimeSchema>,
  delivery: Delivery,
  event: DeadEvent,
  cause: Cause,
): Promise<void> {
  const latest = {
    reason: cause.reason,
    attempts: cause.attempts,
    error: storableText(cause.error, MAX_ERROR_LENGTH),
    error_class: storableText(cause.errorClass, MAX_ERROR_LENGTH),
    fingerprint: cause.fingerprint,
    history: historyText(cause.history),
  };
  const { stream, entryId } = await findDead(tx, event, delivery);
  const { dead_letter_id: deadLetterId } = await tx
    .insertInto('dead_letters')
    .values({
      stream,
      entry_id: entryId,
      fields: JSON.stringify(delivery.fields),
      event_id: storable(event.eventId),
      event_type: storable(event.eventType),
      key: storableText(event.key, MAX_ERROR_LENGTH),
      ...latest,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['stream', 'entry_id'])
        .doUpdateSet({ ...latest, state: DEAD_UNLESS_DISCARDED, died_at: sql<Date>`now()` }),
    )
    .returning('dead_letter_id')
    .executeTakeFirstOrThrow();
  await unpark(tx, delivery);
  await settleRedriven(tx, deadLetterId, false);
}

const DEAD_UNLESS_DISCARDED = sql<DeadLetterState>`
  case dead_letters.state when 'discarded' then 'discarded' else 'dead' end`;

/** Where the event is given up already, under whichever entry; else the delivery's own place. */
async function findDead(
  tx: Transaction<RuntimeSchema>,
  { eventId }: DeadEvent,
  delivery: Delivery,
): Promise<Pick<Delivery, 'stream' | 'entryId'>> {
  if (eventId === undefined) return delivery;
  const known = await tx
    .selectFrom('dead_letters')
    .select(['stream', 'entry_id as entryId'])
    .where('event_id', '=', storable(eventId))
    .where('state', '<>', 'redriven')
    .executeTakeFirst();
  return known ?? delivery;
}

function storable(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text, MAX_ERROR_LENGTH);
}

/** The redrive of a dead letter did what it was for. */
export async function recordRedriven(
  tx: Transaction<RuntimeSchema>,
  deadLetterId: number,
  outcome: 'handled' | 'handled before' | 'passed over',
): Promise<void> {
  await tx
    .updateTable('dead_letters')
    .set({ state: 'redriven', settled_at: sql<Date>`now()`, settled_why: outcome })
    .where('dead_letter_id', '=', deadLetterId)
    .execute();
  await settleRedriven(tx, deadLetterId, true);
}
