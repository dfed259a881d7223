/** What there is to say about a kind of problem. */
interface KindOfProblem {
  readonly status: number;
  readonly title: string;
  /** What it means, and what its reader can do: the text of its page. */
  readonly about: string;
}

/** Every kind of problem there is; the key ends its `type`, and never changes. */
export const PROBLEM_KINDS = {
  'bad-request': {
    ...{ status: 400, title: 'The request cannot be read' },
    about:
      'The body is no JSON, or nested too deep, or the request is no HTTP. `detail` says which.',
  },
  'idempotency-key-missing': {
    ...{ status: 400, title: 'An Idempotency-Key header is needed' },
    about:
      'Choose a key for what you want to happen once, such as your own number of the order, and send ' +
      'it with every attempt: then a repeat never happens twice.',
  },
  'idempotency-key-invalid': {
    ...{ status: 400, title: 'The Idempotency-Key is not valid' },
    about: 'A key is 1 to 255 printable ASCII characters without spaces.',
  },
  'webhook-signature-invalid': {
    ...{ status: 400, title: 'The signature is not valid, or too old' },
    about:
      "The payment provider's notification was not signed with our secret within five minutes.",
  },
  unauthorized: {
    ...{ status: 401, title: 'A valid API key or token is needed' },
    about:
      'Send `Authorization: Bearer …` with an API key or a token that is neither expired nor revoked. ' +
      'Nothing says which of these was wrong.',
  },
  forbidden: {
    ...{ status: 403, title: 'Your key or token may not do this' },
    about:
      'It lacks the scope that `WWW-Authenticate` names, or it is bound to one customer and the order ' +
      "is another's.",
  },
  'not-found': {
    ...{ status: 404, title: 'There is nothing here' },
    about: 'It does not exist, or it is not yours: the two are answered alike.',
  },
  'method-not-allowed': {
    ...{ status: 405, title: 'This resource does not support the method' },
    about: '`Allow` names the methods that it supports.',
  },
  'request-timeout': {
    ...{ status: 408, title: 'The request took too long to arrive' },
    about: 'Its headers have five seconds, the whole request ten.',
  },
  'request-in-progress': {
    ...{ status: 409, title: 'A request with this Idempotency-Key is in progress' },
    about: 'The first request with this key is still being saved. Ask again after `Retry-After`.',
  },
  'order-shipped': {
    ...{ status: 409, title: 'The order is on its way and cannot be cancelled' },
    about: 'The parcel has left. What remains is a return.',
  },
  'order-over': {
    ...{ status: 409, title: 'The order has ended and cannot be cancelled' },
    about: 'It was rejected or has failed: nothing is charged and nothing is held for it.',
  },
  'too-many-webhook-endpoints': {
    ...{ status: 409, title: 'There are as many webhook endpoints as there may be' },
    about: 'Delete one that you do not need.',
  },
  'too-many-api-keys': {
    ...{ status: 409, title: 'There are as many live API keys as there may be' },
    about:
      'Two live keys share a name, so that one can replace the other: revoke the older one first.',
  },
  'not-enough-stock': {
    ...{ status: 409, title: 'There is less on the shelf than that' },
    about: 'Stock cannot go below what is reserved for orders under way.',
  },
  'body-too-large': {
    ...{ status: 413, title: 'The body is too large' },
    about: '`detail` says how large it may be. A compressed body counts as what it unpacks to.',
  },
  'uri-too-long': {
    ...{ status: 414, title: 'The URL is too long' },
    about: 'Path and query may have 2,048 characters.',
  },
  'unsupported-media-type': {
    ...{ status: 415, title: 'The body must be JSON' },
    about: 'Send `Content-Type: application/json`, unpacked or packed by gzip, deflate or br.',
  },
  'invalid-order': {
    ...{ status: 422, title: 'The order is not valid' },
    about:
      '`errors` points at everything that is wrong with it. Nothing was kept, the key neither.',
  },
  'invalid-product': {
    ...{ status: 422, title: 'The product is not valid' },
    about: '`errors` points at everything that is wrong with it.',
  },
  'invalid-stock-change': {
    ...{ status: 422, title: 'The change of stock is not valid' },
    about: '`errors` points at everything that is wrong with it.',
  },
  'invalid-webhook-endpoint': {
    ...{ status: 422, title: 'The webhook endpoint is not valid' },
    about: '`errors` points at everything that is wrong with it.',
  },
  'invalid-api-key': {
    ...{ status: 422, title: 'The API key cannot be made like this' },
    about: '`errors` points at everything that is wrong with it.',
  },
  'invalid-command': {
    ...{ status: 422, title: 'There is no such command, or not like this' },
    about:
      'Commands, their words and options are those of `npm run ops`; each explains itself with `--help`.',
  },
  'command-refused': {
    ...{ status: 409, title: 'The command cannot be carried out' },
    about: '`detail` says why. Nothing has changed.',
  },
  'invalid-query': {
    ...{ status: 422, title: 'The query is not valid' },
    about: '`errors` points at the parameters that are wrong.',
  },
  'idempotency-key-reused': {
    ...{ status: 422, title: 'The Idempotency-Key was used with another body' },
    about: 'A key stands for one request. Use a new one for a new request.',
  },
  'too-many-requests': {
    ...{ status: 429, title: 'There are too many requests' },
    about: 'Of this key, or from this address. Ask again after `Retry-After`.',
  },
  'too-many-streams': {
    ...{ status: 429, title: 'Too many event streams are open' },
    about: 'Close one, or read the order instead. Ask again after `Retry-After`.',
  },
  'header-too-large': {
    ...{ status: 431, title: 'The headers are too large' },
    about: 'All headers together may have 16 KB.',
  },
  'internal-error': {
    ...{ status: 500, title: 'Something went wrong on our side' },
    about: 'It is written down under the id in `instance`. Trying again with the same key is safe.',
  },
  unavailable: {
    ...{ status: 503, title: 'The service cannot answer now' },
    about: 'A server of ours is away. Ask again after `Retry-After`, with the same key.',
  },
  overloaded: {
    ...{ status: 503, title: 'No new orders are taken now' },
    about:
      'Those that wait would take too long already. Ask again after `Retry-After`, with the same key; ' +
      'orders that were accepted can be read and cancelled.',
  },
} as const satisfies Record<string, KindOfProblem>;

/** The last part of a problem's `type`. */
export type ProblemKind = keyof typeof PROBLEM_KINDS;

/** A problem's `type`: a path on this API, whose page explains it. */
export function problemType(kind: ProblemKind): string {
  return `/problems/${kind}`;
}
