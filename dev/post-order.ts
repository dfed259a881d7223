/** An order as a client sends it. */
export interface OrderToPost {
  readonly customer: { readonly id: string; readonly email: string; readonly name?: string };
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
}

/** Posts an order under this idempotency key; with `waitSeconds` the answer may be its outcome. */
export function postOrder(
  ordersUrl: string,
  order: OrderToPost,
  { key, waitSeconds = 0 }: { key: string; waitSeconds?: number },
): Promise<Response> {
  return fetch(ordersUrl, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      ...(waitSeconds > 0 ? { Prefer: `wait=${waitSeconds}` } : {}),
    },
    body: JSON.stringify(order),
  });
}
