import { sql, type Transaction } from 'kysely';

/**
 * The command `cancelOrder`, to the one who carries it out: written down in the transaction of the
 * decision, and handed to Temporal by a saga worker. Returns what became of it: `requested`, or the
 * status of an order that cannot be called off any more.
 */
export type CancelOrder = (
  tx: Transaction<never>,
  orderId: string,
  why: string,
) => Promise<string | null>;

/** Through the one function of the orders' schema that this consumer may call. */
export const cancelOrder: CancelOrder = async (tx, orderId, why) => {
  const { rows } = await sql<{ outcome: string | null }>`
    select orders.request_cancellation(${orderId}, ${why}) as outcome`.execute(tx);
  return rows[0]!.outcome;
};

/** What the consumer's role is granted for it. */
export const CANCEL_ORDER_GRANT = `
  grant usage on schema orders to tandem_fraud;
  grant execute on function orders.request_cancellation(text, text) to tandem_fraud;`;
