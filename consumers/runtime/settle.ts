import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import {
  claimEvent,
  giveUp,
  park,
  recordEffect,
  unpark,
  type Delivery,
  type InboxSchema,
  type ParkedDelivery,
} from '../../db/inbox';
import type { Envelope } from '../../events/envelope';
import { backoffMs, MAX_ATTEMPTS } from './backoff';
import type { Reaction } from './consumer';
import { decodeDelivery } from './decode';

/**
 * One attempt may take this long. Where a delivery counts as stale before that, another member
 * begins it too, which costs, but does no harm: its transaction waits for the first one's inbox row.
 */
const ATTEMPT_TIMEOUT_MS = 10_000;

/** The tables that every consumer has; it may have more. */
type AnyConsumerDb = Kysely<InboxSchema>;

/** What settling needs. */
export interface Settling {
  readonly db: AnyConsumerDb;
  readonly reactions: readonly Reaction<never>[];
  readonly logger: Logger;
}

/**
 * Brings a delivery to an end that PostgreSQL knows of: handled, not ours, parked or dead. Only
 * then may it be acknowledged. Rejects when PostgreSQL cannot be told; nothing has changed then.
 */
export async function settle(
  settling: Settling,
  delivery: Delivery | ParkedDelivery,
): Promise<void> {
  const { db, logger } = settling;
  const attempt = 'attempt' in delivery ? delivery.attempt : 1;
  if (attempt > MAX_ATTEMPTS) return giveUpCrasher(settling, delivery, attempt - 1);
  const decoded = decodeDelivery(delivery, settling.reactions);

  if (decoded.kind === 'undecodable') {
    logger.error({ ...whereOf(delivery), error: decoded.error }, 'undecodable, dead letter');
    return giveUp(db, delivery, { reason: 'undecodable', error: decoded.error, attempts: 0 });
  }
  if (decoded.kind === 'event') {
    const { event, reaction } = decoded;
    try {
      await handle(db, event, reaction, attempt);
    } catch (error) {
      return parkOrGiveUp(settling, delivery, error, attempt);
    }
    logger.debug({ eventId: event.id, orderId: event.correlationid }, 'handled');
  }
  if (attempt > 1) await unpark(db, delivery);
}

/** Inbox and effect in one transaction; a twin that was faster leaves nothing to do. */
async function handle(
  db: AnyConsumerDb,
  event: Envelope,
  reaction: Reaction<never>,
  attempt: number,
): Promise<void> {
  const signal = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
  await db.transaction().execute(async (tx) => {
    if (!(await claimEvent(tx, event))) return;
    const reacting = reaction.react(event, { tx: tx as never, attempt, signal });
    const effect = await Promise.race([reacting, rejectWhenAborted(signal)]);
    await recordEffect(tx, event.id, effect);
  });
}

/** A reaction that never ends must not keep its transaction and its place for ever. */
async function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the attempt took too long')), {
      once: true,
    });
  });
}

async function parkOrGiveUp(
  { db, logger }: Settling,
  delivery: Delivery,
  cause: unknown,
  attempts: number,
): Promise<void> {
  const error = describe(cause);
  const dueInMs = backoffMs(attempts);
  const context = { ...whereOf(delivery), attempts, err: cause };
  if (dueInMs === undefined) {
    logger.error(context, 'attempts exhausted, dead letter');
    return giveUp(db, delivery, { reason: 'attempts_exhausted', error, attempts });
  }
  await park(db, delivery, { error, dueInMs, attempts });
  logger.warn({ ...context, dueInMs }, 'failed, parked');
}

/** Gives up a delivery that was tried so often and never came to an end: it ends its processes. */
export async function giveUpCrasher(
  { db, logger }: Settling,
  delivery: Delivery,
  deliveries: number,
): Promise<void> {
  const error = `tried ${deliveries} times and never settled`;
  logger.error({ ...whereOf(delivery), deliveries }, 'crashes exhausted, dead letter');
  await giveUp(db, delivery, { reason: 'crashes_exhausted', error, attempts: deliveries });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function whereOf({ stream, entryId, fields }: Delivery) {
  return { stream, entryId, eventId: fields['id'], orderId: fields['key'] };
}
