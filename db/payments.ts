import { sql } from 'kysely';
import type { PaymentStatus } from '../domain/order';
import { OrderCreated, PaymentCaptured } from '../events/order-events';
import { eventId } from '../events/envelope';
import type { Database, DatabaseTransaction } from './database';
import { recordChange, recordEvent } from './journal';
import type { PaymentState } from './schema';

/** A payment as we know it; the provider may know more. */
export interface Payment {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly intentId: string | null;
  readonly declineCode: string | null;
}

/** What the provider was asked to authorize. */
export interface PaymentRequest {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * Writes down that the provider is about to be asked, and returns what is known of this payment:
 * `authorizing` unless an earlier attempt, or an undo, got further.
 */
export async function openPayment(db: Database, request: PaymentRequest): Promise<Payment> {
  return insertPayment(db, request, 'authorizing');
}

/** Returns the payment, leaving a tombstone (`voided`) where there was none. */
export async function openForVoid(db: Database, request: PaymentRequest): Promise<Payment> {
  return insertPayment(db, request, 'voided');
}

async function insertPayment(
  db: Database,
  { orderId, amountMinor, currency }: PaymentRequest,
  state: PaymentState,
): Promise<Payment> {
  await db
    .insertInto('payments.payments')
    .values({
      order_id: orderId,
      amount_minor: amountMinor,
      currency,
      state,
      intent_id: null,
      decline_code: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return findPayment(db, orderId);
}

/** The payment of this order; throws when there is none. */
export async function findPayment(
  db: Database | DatabaseTransaction,
  orderId: string,
): Promise<Payment> {
  const row = await db
    .selectFrom('payments.payments')
    .selectAll()
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return {
    orderId,
    amountMinor: row.amount_minor,
    currency: row.currency,
    state: row.state,
    intentId: row.intent_id,
    declineCode: row.decline_code,
  };
}

/**
 * Records the authorization, also when an overlapping attempt has recorded it already. False when
 * an undo was faster: then, and only then, the intent is to be cancelled.
 */
export async function recordAuthorized(
  db: Database,
  orderId: string,
  intentId: string,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const from: PaymentState[] = ['authorizing'];
    if (await movePayment(tx, orderId, from, { state: 'authorized', intent_id: intentId })) {
      await recordPaymentStatus(tx, orderId, 'authorized', 'PaymentAuthorized');
      return true;
    }
    const { state } = await findPayment(tx, orderId);
    return state !== 'voided';
  });
}

/** Records the refusal, so that a repeat is answered without asking again. */
export async function recordDeclined(
  db: Database,
  orderId: string,
  refusal: { intentId: string | null; declineCode: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const moved = await movePayment(tx, orderId, ['authorizing'], {
      state: 'declined',
      intent_id: refusal.intentId,
      decline_code: refusal.declineCode,
    });
    if (moved) {
      await recordChange(tx, orderId, 'PaymentDeclined', { declineCode: refusal.declineCode });
    }
  });
}

/** Records that nothing is authorized any more. */
export async function recordVoided(db: Database, orderId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const from: PaymentState[] = ['authorizing', 'authorized', 'declined'];
    if (!(await movePayment(tx, orderId, from, { state: 'voided' }))) return;
    const order = await tx
      .selectFrom('orders.orders')
      .select('payment_status')
      .where('order_id', '=', orderId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (order.payment_status === 'authorized') {
      await recordPaymentStatus(tx, orderId, 'voided', 'PaymentVoided');
    }
  });
}

/** Records that the money was taken, with its event; returns the event's id, also on a repeat. */
export async function recordCaptured(db: Database, orderId: string): Promise<string> {
  return db.transaction().execute(async (tx) => {
    if (!(await movePayment(tx, orderId, ['authorized'], { state: 'captured' }))) {
      return eventId(PaymentCaptured, orderId);
    }
    const order = await tx
      .updateTable('orders.orders')
      .set({ payment_status: 'captured', updated_at: sql`now()` })
      .where('order_id', '=', orderId)
      .returning(['customer_id', 'currency', 'total_minor'])
      .executeTakeFirstOrThrow();
    return recordEvent(tx, {
      contract: PaymentCaptured,
      orderId,
      data: {
        orderId,
        customerId: order.customer_id,
        currency: order.currency,
        totalMinor: order.total_minor,
      },
      causationId: eventId(OrderCreated, orderId),
    });
  });
}

async function movePayment(
  tx: DatabaseTransaction,
  orderId: string,
  from: PaymentState[],
  to: { state: PaymentState; intent_id?: string | null; decline_code?: string },
): Promise<boolean> {
  const moved = await tx
    .updateTable('payments.payments')
    .set({ ...to, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('state', 'in', from)
    .returning('order_id')
    .executeTakeFirst();
  return moved !== undefined;
}

async function recordPaymentStatus(
  tx: DatabaseTransaction,
  orderId: string,
  paymentStatus: PaymentStatus,
  change: string,
): Promise<void> {
  await tx
    .updateTable('orders.orders')
    .set({ payment_status: paymentStatus, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .execute();
  await recordChange(tx, orderId, change);
}
