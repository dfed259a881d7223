import createClient from 'openapi-fetch';
import type { paths } from './schema';

/** Where the API is, and who asks. */
export interface ClientOptions {
  /** Such as `https://orders.shop.example`. */
  readonly url: string;
  /** An API key or a token. */
  readonly key: string;
}

/**
 * A typed client of the API, by openapi-fetch: `client.GET('/v1/orders/{id}', …)` resolves with
 * `data`, or with the problem as `error`, and rejects only when nobody answers.
 */
export function createTandemClient({ url, key }: ClientOptions) {
  return createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });
}

/** What {@link createTandemClient} returns. */
export type TandemClient = ReturnType<typeof createTandemClient>;
