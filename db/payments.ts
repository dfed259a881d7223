import { sql, type RawBuilder } from 'kysely';
import type { OrderStatus } from '../domain/order';
import { eventId, type EventContract } from '../events/envelope';
import { OrderCreated, PaymentCaptured, PaymentRefunded } from '../events/order-events';
import type { PublishableEvent } from '../events/publish-once';
import type { Database } from './database';
import { atHand } from './at-hand';
import {
  advanceJournal,
  findEvent,
  nextEvent,
  positionOf,
  positionsAtHand,
  type JournalEvent,
  type JournalPosition,
  type PositionRecord,
} from './journal';
import { retryWhenOvertaken } from './overtaken';
import type { PaymentState } from './schema';

/** A payment as we know it; the provider may know more. */
export interface Payment {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly intentId: string | null;
  readonly declineCode: string | null;
  /** When the provider was about to be asked for the first time. */
  readonly openedAt: Date;
  /** With what the customer pays, at the provider. */
  readonly paymentMethod: string;
  readonly orderStatus: OrderStatus;
  /** Somebody wants the order called off. */
  readonly isCancelRequested: boolean;
  readonly customerId: string;
  readonly position: JournalPosition;
}

/** What the provider was asked to authorize. */
export interface PaymentRequest {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * Writes down that the provider is about to be asked, and returns what is known of this payment:
 * `authorizing` unless an earlier attempt, or an undo, got further. Undefined without its order.
 */
export async function openPayment(
  db: Database,
  request: PaymentRequest,
): Promise<Payment | undefined> {
  return insertPayment(db, request, 'authorizing');
}

/** Returns the payment, leaving a tombstone (`voided`) where there was none. */
export async function openForVoid(
  db: Database,
  request: PaymentRequest,
): Promise<Payment | undefined> {
  return insertPayment(db, request, 'voided');
}

async function insertPayment(
  db: Database,
  { orderId, amountMinor, currency }: PaymentRequest,
  state: PaymentState,
): Promise<Payment | undefined> {
  const { rows } = await sql<PaymentRecord>`
    with payment as (
      insert into payments.payments (order_id, amount_minor, currency, state)
      select order_id, ${amountMinor}::bigint, ${currency}, ${state}
      from orders.orders where order_id = ${orderId}
      -- changes nothing, so that the row is returned also when it was there
      on conflict (order_id) do update set order_id = excluded.order_id
      returning *)
    select ${PAYMENT_COLUMNS} from payment join orders.orders o using (order_id)`.execute(db);
  return rows[0] && paymentOf(rows[0]);
}

/** The payment of this order, or undefined when the provider was never asked. */
export async function findPayment(db: Database, orderId: string): Promise<Payment | undefined> {
  const { rows } = await sql<PaymentRecord>`
    select ${PAYMENT_COLUMNS}
    from payments.payments payment join orders.orders o using (order_id)
    where order_id = ${orderId}`.execute(db);
  return rows[0] && paymentOf(rows[0]);
}

const PAYMENT_COLUMNS = sql`
  payment.*, o.payment_method, o.status as order_status, o.cancel_requested_at, o.customer_id,
  o.journal_sequence, o.event_sequence, o.traceparent, o.tenant, clock_timestamp() as now`;

interface PaymentRecord extends PositionRecord {
  order_id: string;
  amount_minor: number;
  currency: string;
  state: PaymentState;
  intent_id: string | null;
  decline_code: string | null;
  created_at: Date;
  payment_method: string;
  order_status: OrderStatus;
  cancel_requested_at: Date | null;
  customer_id: string;
}

function paymentOf(row: PaymentRecord): Payment {
  return {
    orderId: row.order_id,
    amountMinor: row.amount_minor,
    currency: row.currency,
    state: row.state,
    intentId: row.intent_id,
    declineCode: row.decline_code,
    openedAt: row.created_at,
    paymentMethod: row.payment_method,
    orderStatus: row.order_status,
    isCancelRequested: row.cancel_requested_at !== null,
    customerId: row.customer_id,
    position: positionOf(row),
  };
}

/** Remembers the provider's intent, whatever is to become of it, so that it can be undone. */
export async function rememberIntent(
  db: Database,
  orderId: string,
  intentId: string,
): Promise<void> {
  await db
    .updateTable('payments.payments')
    .set({ intent_id: intentId, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('intent_id', 'is', null)
    .execute();
}

/**
 * Records the authorization, also when an overlapping attempt has recorded it already. False when
 * an undo was faster: then, and only then, the intent is to be cancelled.
 */
export async function recordAuthorized(
  db: Database,
  payment: Payment,
  intentId: string,
): Promise<boolean> {
  const { orderId } = payment;
  const { rows } = await sql<PositionRecord>`
    with payment as (
      update payments.payments set state = 'authorized', intent_id = ${intentId}, updated_at = now()
      where order_id = ${orderId} and state = 'authorizing' returning order_id),
    ${statusChange('payment', 'authorized', 'PaymentAuthorized')}
    select journal_sequence, event_sequence, traceparent, tenant, clock_timestamp() as now
    from turn`.execute(db);
  if (rows[0]) {
    positionsAtHand.put(db, orderId, positionOf(rows[0]));
    authorizedAtHand.put(db, orderId, { ...payment, state: 'authorized', intentId });
    return true;
  }
  const found = await findPayment(db, orderId);
  return found !== undefined && found.state !== 'voided';
}

/** Payments that were authorized here: most are captured within the second. */
const authorizedAtHand = atHand<Payment>();

/** The authorized payment, as this process last saw it or else as it is; it may be gone by now. */
export async function findAuthorized(db: Database, orderId: string): Promise<Payment | undefined> {
  const payment = authorizedAtHand.take(db, orderId);
  const position = positionsAtHand.take(db, orderId);
  return payment && position ? { ...payment, position } : findPayment(db, orderId);
}

/** Records the refusal, so that a repeat is answered without asking again. */
export async function recordDeclined(
  db: Database,
  orderId: string,
  { intentId, declineCode }: { intentId: string | null; declineCode: string },
): Promise<void> {
  await sql`
    with payment as (
      update payments.payments
      set state = 'declined', intent_id = ${intentId}, decline_code = ${declineCode}, updated_at = now()
      where order_id = ${orderId} and state = 'authorizing' returning order_id),
    turn as (
      update orders.orders set journal_sequence = journal_sequence + 1
      where order_id in (select order_id from payment) returning order_id, journal_sequence)
    insert into orders.journal (order_id, sequence, name, detail)
    select order_id, journal_sequence, 'PaymentDeclined',
           jsonb_build_object('declineCode', ${declineCode}::text) from turn`.execute(db);
}

/** Records that nothing is authorized any more. */
export async function recordVoided(db: Database, orderId: string): Promise<void> {
  await sql`
    with before as materialized (
      select order_id, state from payments.payments where order_id = ${orderId} for update),
    payment as (
      update payments.payments set state = 'voided', updated_at = now()
      where order_id in (
        select order_id from before where state in ('authorizing', 'authorized', 'declined'))
      returning order_id),
    authorization_ended as (
      select order_id from payment join before using (order_id) where before.state = 'authorized'),
    ${statusChange('authorization_ended', 'voided', 'PaymentVoided')}
    select 1`.execute(db);
}

/** CTEs that change the order's payment status and say so in its journal, if `source` has a row. */
function statusChange(source: string, status: string, change: string): RawBuilder<unknown> {
  return sql`
    turn as (
      update orders.orders
      set payment_status = ${status}, journal_sequence = journal_sequence + 1, updated_at = now()
      where order_id in (select order_id from ${sql.raw(source)})
      returning order_id, journal_sequence, event_sequence, traceparent, tenant),
    entry as (
      insert into orders.journal (order_id, sequence, name)
      select order_id, journal_sequence, ${change} from turn)`;
}

/** Records that the money was taken; returns the event that says so, also on a repeat. */
export async function recordCaptured(
  db: Database,
  payment: Payment,
  cardFingerprint?: string,
): Promise<PublishableEvent> {
  const { orderId } = payment;
  const causationId = eventId(OrderCreated, orderId);
  const contract = PaymentCaptured;
  return recordMove(db, payment, {
    ...{ from: 'authorized', to: 'captured', contract, causationId },
    ...(cardFingerprint === undefined ? {} : { more: { cardFingerprint } }),
  });
}

/** Records that the money was given back; returns the event that says so, also on a repeat. */
export async function recordRefunded(db: Database, payment: Payment): Promise<PublishableEvent> {
  const { orderId } = payment;
  const causationId = eventId(PaymentCaptured, orderId);
  const contract = PaymentRefunded;
  return recordMove(db, payment, { from: 'captured', to: 'refunded', contract, causationId });
}

interface Move {
  readonly from: PaymentState;
  readonly to: 'captured' | 'refunded';
  readonly contract: EventContract<string, ReturnType<typeof factsOf>>;
  readonly causationId: string;
  /** What the event says besides. */
  readonly more?: { readonly cardFingerprint: string };
}

async function recordMove(db: Database, payment: Payment, move: Move): Promise<PublishableEvent> {
  const { orderId } = payment;
  let known: Payment | undefined = payment;
  return retryWhenOvertaken(async () => {
    known ??= await findPayment(db, orderId);
    if (!known) throw new Error(`there is no payment of ${orderId}`);
    const { contract, causationId } = move;
    if (known.state === move.from) {
      const facts = { contract, orderId, data: { ...factsOf(known), ...move.more }, causationId };
      const event = nextEvent(known.position, facts);
      if (await moveWithEvent(db, known, move, event)) return event;
      known = undefined;
      return 'overtaken';
    }
    const before = await findEvent(db, eventId(contract, orderId));
    if (!before) throw new Error(`the payment of ${orderId} is ${known.state}, not ${move.from}`);
    return before;
  });
}

async function moveWithEvent(
  db: Database,
  { orderId, position }: Payment,
  { from, to }: Move,
  event: JournalEvent,
): Promise<boolean> {
  const journal = advanceJournal(position);
  const { rows } = await sql<{ isMoved: boolean }>`
    with before as materialized (
      select order_id from payments.payments
      where order_id = ${orderId} and state = ${from} for update),
    moved as (
      update orders.orders set payment_status = ${to}, ${journal.set}
      where order_id in (select order_id from before) and ${journal.where} returning order_id),
    payment as (
      update payments.payments set state = ${to}, updated_at = now()
      where order_id in (select order_id from moved)),
    event as (${event.insert('moved')})
    select exists (select from moved) as "isMoved"`.execute(db);
  return rows[0]!.isMoved;
}

function factsOf({ orderId, customerId, currency, amountMinor }: Payment) {
  return { orderId, customerId, currency, totalMinor: amountMinor };
}
