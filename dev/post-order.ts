/** An order as a client sends it. */
export interface OrderToPost {
  readonly customer: { readonly id: string; readonly email: string; readonly name?: string };
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
}

/** Where orders are posted, and by whom. */
export interface OrdersApi {
  readonly url: string;
  readonly apiKey: string;
}

/** Posts an order under this idempotency key; with `waitSeconds` the answer may be its outcome. */
export function postOrder(
  { url, apiKey }: OrdersApi,
  order: OrderToPost,
  { key, waitSeconds = 0 }: { key: string; waitSeconds?: number },
): Promise<Response> {
  return fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${apiKey}`,
      'Idempotency-Key': key,
      ...(waitSeconds > 0 ? { Prefer: `wait=${waitSeconds}` } : {}),
    },
    body: JSON.stringify(order),
  });
}
