import type { Transaction } from 'kysely';
import type { Payment } from '../../db/payments';
import type { PaymentProvider } from '../../activities/payment-provider';

/** What is asked of the payment service for an order. */
export type Charge = Pick<Payment, 'orderId' | 'amountMinor' | 'currency' | 'paymentMethod'>;

/** `voided`: given back, or never to be authorized. */
export type PaymentState = 'authorized' | 'declined' | 'captured' | 'voided';

/** The table of the payment service. */
export interface PaymentSchema {
  payments: { order_id: string; intent_id: string | null; state: PaymentState };
}

/** {@link PaymentSchema} in SQL, made in the service's own schema. */
export const PAYMENT_TABLES = `
  create table payments (
    order_id text primary key,
    intent_id text,
    state text not null check (state in ('authorized', 'declined', 'captured', 'voided'))
  );`;

/** What a payment service does, each in a transaction that keeps an order's calls apart. */
export class Payments {
  constructor(private readonly provider: PaymentProvider) {}

  /** Puts the money aside, once; what was voided before stays voided. Throws when nobody knows. */
  async authorize(tx: Transaction<PaymentSchema>, charge: Charge): Promise<PaymentState> {
    const { orderId } = charge;
    if (!(await addPayment(tx, orderId, 'authorized'))) return (await paymentOf(tx, orderId)).state;
    const answer = await this.provider.authorize({ ...charge, openedAt: new Date() } as Payment);
    const [state, intentId] =
      answer.outcome === 'answered'
        ? (['authorized', answer.intent.id] as const)
        : (['declined', null] as const);
    await this.#save(tx, orderId, { state, intent_id: intentId });
    return state;
  }

  /** Undo of {@link authorize}, also where nobody knows whether it happened. */
  async void(tx: Transaction<PaymentSchema>, charge: Charge): Promise<void> {
    const { orderId } = charge;
    const wasUnknown = await addPayment(tx, orderId, 'voided');
    const { state, intent_id: known } = await paymentOf(tx, orderId);
    if (state === 'declined' || (state === 'voided' && !wasUnknown)) return;
    const payment = { ...charge, openedAt: new Date() } as Payment;
    const intentId = known ?? (await this.provider.findUnknown(payment));
    if (intentId !== undefined) await this.provider.cancel(orderId, intentId);
    await this.#save(tx, orderId, { state: 'voided', intent_id: intentId ?? null });
  }

  /** Takes the money that was put aside, once. */
  async capture(tx: Transaction<PaymentSchema>, { orderId }: Charge): Promise<void> {
    const { state, intent_id: intentId } = await paymentOf(tx, orderId);
    if (state !== 'authorized') return;
    await this.provider.capture({ orderId } as Payment, intentId!);
    await this.#save(tx, orderId, { state: 'captured' });
  }

  async #save(
    tx: Transaction<PaymentSchema>,
    orderId: string,
    values: Partial<PaymentSchema['payments']>,
  ): Promise<void> {
    await tx.updateTable('payments').set(values).where('order_id', '=', orderId).execute();
  }
}

async function addPayment(
  tx: Transaction<PaymentSchema>,
  orderId: string,
  state: PaymentState,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('payments')
    .values({ order_id: orderId, state })
    .onConflict((conflict) => conflict.column('order_id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

async function paymentOf(tx: Transaction<PaymentSchema>, orderId: string) {
  return tx
    .selectFrom('payments')
    .select(['state', 'intent_id'])
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
