import { sql, type Kysely, type Transaction } from 'kysely';
import { streamOf } from '../../events/streams';
import { WebhookEndpointDisabled } from '../../events/webhook-endpoint-events';
import { publishInto, sourceOf } from '../runtime/follow-ups';
import type { WebhooksSchema } from './tables';

/** A slow endpoint holds no more of the places than this; one that is failing is only tried. */
const MAX_PER_ENDPOINT = 4;
const MAX_PER_FAILING_ENDPOINT = 1;

/** A delivery in `sending` for longer has an unknown outcome: it is sent again, with the same id. */
const SENDING_SECONDS = 60;

/** After each failed attempt it is tried again after so long: some 71 hours in all. */
const RETRY_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000] as const;
/** So that endpoints which failed together are not asked together. */
const JITTER = 0.2;

/** An endpoint that took nothing for so long is disabled. */
const DISABLE_AFTER = sql`interval '72 hours'`;
/** The delivery log is kept this long. */
const KEEP = sql`interval '30 days'`;
/** So many in one statement. */
export const FORGET_AT_ONCE = 5_000;

/** A delivery that is being sent. */
export interface Sending {
  readonly deliveryId: number;
  readonly endpointId: string;
  readonly url: string;
  readonly eventId: string;
  readonly body: string;
  readonly attempt: number;
  readonly retries: number;
  readonly secretsSealed: readonly string[];
  /** Its endpoint has taken nothing of late. */
  readonly isFailing: boolean;
}

/** Takes deliveries that are due and marks them as `sending`: committed before they are sent. */
export async function takeDue(
  db: Kysely<WebhooksSchema>,
  { limit, isFailing }: { limit: number; isFailing: boolean },
): Promise<Sending[]> {
  const places = isFailing ? MAX_PER_FAILING_ENDPOINT : MAX_PER_ENDPOINT;
  const { rows } = await sql<Sending>`
    with room as (
      select endpoint_id, ${places} - (
        select count(*) from deliveries as busy
        where busy.endpoint_id = endpoints.endpoint_id and state = 'sending' and due_at > now()
        )::integer as places
      from endpoints
      where state = 'enabled' and (failing_since is not null) = ${isFailing}),
    due as (
      select found.delivery_id from room cross join lateral (
        select delivery_id, due_at from deliveries
        where deliveries.endpoint_id = room.endpoint_id
          and state in ('pending', 'sending') and due_at <= now()
        order by due_at limit greatest(places, 0) for update skip locked) as found
      order by found.due_at limit ${limit})
    update deliveries as d
    set state = 'sending', attempts = attempts + 1, retries = retries + 1,
        due_at = now() + make_interval(secs => ${SENDING_SECONDS})
    from due, endpoints as e
    where d.delivery_id = due.delivery_id and e.endpoint_id = d.endpoint_id
    returning d.delivery_id as "deliveryId", d.endpoint_id as "endpointId", e.url,
      d.event_id as "eventId", d.body, d.attempts as attempt, d.retries,
      (select array_agg(secret_sealed order by secret_id desc) from secrets
       where secrets.endpoint_id = d.endpoint_id and (expires_at is null or expires_at > now()))
        as "secretsSealed", ${isFailing}::boolean as "isFailing"`.execute(db);
  return rows;
}

/** Gives back a delivery that could not be tried for a reason of ours; it is due again soon. */
export async function deferSending(db: Kysely<WebhooksSchema>, sending: Sending): Promise<void> {
  await sql`
    update deliveries set state = 'pending', attempts = attempts - 1, retries = retries - 1,
           due_at = now() + make_interval(secs => ${SENDING_SECONDS})
    where delivery_id = ${sending.deliveryId} and state = 'sending'
      and attempts = ${sending.attempt}`.execute(db);
}

/** What an attempt came to. */
export interface Attempt {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly durationMs: number;
}

/** Writes an attempt into the log, and what follows from it for the delivery and its endpoint. */
export async function recordAttempt(
  db: Kysely<WebhooksSchema>,
  sending: Sending,
  attempt: Attempt,
): Promise<'delivered' | 'retried' | 'failed'> {
  const isTaken = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto('attempts')
      .values({
        ...{ delivery_id: sending.deliveryId, attempt: sending.attempt },
        ...{ status: attempt.status, error: attempt.error, answer: attempt.answer },
        duration_ms: Math.round(attempt.durationMs),
      })
      .execute();
    if (!isTaken) {
      const state = await retryLater(tx, sending);
      await noteFailure(tx, sending, attempt.status === GONE);
      return state === 'failed' ? 'failed' : 'retried';
    }
    await ofSending(tx, sending)
      .set({ state: 'delivered', delivered_at: sql<Date>`now()` })
      .execute();
    const healthy = tx.updateTable('endpoints').set({ failing_since: null });
    await healthy
      .where('endpoint_id', '=', sending.endpointId)
      .where('failing_since', 'is not', null)
      .execute();
    return 'delivered';
  });
}

/** The endpoint is not there any more, and says so (Standard Webhooks, "Operational considerations"). */
const GONE = 410;

async function retryLater(tx: Transaction<WebhooksSchema>, sending: Sending) {
  const seconds = RETRY_SECONDS[sending.retries - 1];
  const wait = (seconds ?? 0) * (1 + JITTER * (2 * Math.random() - 1));
  const rows = await ofSending(tx, sending)
    .set({
      state: sql`case when ${seconds === undefined} or gives_up_at <= now()
                 then 'failed' else 'pending' end`,
      due_at: sql<Date>`least(now() + make_interval(secs => ${wait}), gives_up_at)`,
    })
    .returning('state')
    .execute();
  return rows[0]?.state;
}

/** Not if its time in `sending` was up, and somebody else has it now. */
function ofSending(tx: Transaction<WebhooksSchema>, { deliveryId, attempt }: Sending) {
  return tx
    .updateTable('deliveries')
    .where('delivery_id', '=', deliveryId)
    .where('state', '=', 'sending')
    .where('attempts', '=', attempt);
}

async function noteFailure(
  tx: Transaction<WebhooksSchema>,
  { endpointId }: Sending,
  isGone: boolean,
): Promise<void> {
  const { rows } = await sql<{ url: string; sealed: string; isDisabled: boolean }>`
    update endpoints set failing_since = coalesce(failing_since, now()),
      state = case when ${isGone} or failing_since < now() - ${DISABLE_AFTER}
              then 'disabled' else state end,
      disabled_at = case when ${isGone} or failing_since < now() - ${DISABLE_AFTER} then now() end,
      disabled_reason = case when ${isGone} then 'gone'
                             when failing_since < now() - ${DISABLE_AFTER} then 'failing' end
    where endpoint_id = ${endpointId} and state = 'enabled'
    returning url, contact_sealed as sealed, state = 'disabled' as "isDisabled"`.execute(tx);
  const [endpoint] = rows;
  if (!endpoint?.isDisabled) return;
  const { url, sealed } = endpoint;
  // The runtime's own tables are among ours.
  const publish = publishInto(tx, { source: sourceOf('webhooks'), streamOf });
  await publish(WebhookEndpointDisabled, {
    subject: endpointId,
    data: { endpointId, url, reason: isGone ? 'gone' : 'failing', sealed },
  });
}

/** Forgets what was planned long ago and is over, or waits for nobody; returns how many, at most {@link FORGET_AT_ONCE}. */
export async function forgetDeliveries(db: Kysely<WebhooksSchema>): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from deliveries where delivery_id in (
      select delivery_id from deliveries
      where planned_at < now() - ${KEEP} and (state in ('delivered', 'failed') or exists (
        select from endpoints
        where endpoints.endpoint_id = deliveries.endpoint_id and state <> 'enabled'))
      limit ${FORGET_AT_ONCE})`.execute(db);
  return Number(numAffectedRows ?? 0);
}
