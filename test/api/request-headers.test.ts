import type { Context } from 'koa';
import { idempotencyKey, preferredWaitSeconds, traceparent } from '../../api/http/request-headers';
import { Problem } from '../../api/http/problem';

const withHeader = (value: string) => ({ get: () => value }) as unknown as Context;

test.each([
  ['bare', 'k-1', 'k-1'],
  ['quoted, as the draft wants it', '"k-1"', 'k-1'],
  ['as long as allowed', 'k'.repeat(255), 'k'.repeat(255)],
])('takes an idempotency key %s', (_, header, key) => {
  expect(idempotencyKey(withHeader(header))).toBe(key);
});

test.each([
  ['missing', '', 'idempotency-key-missing'],
  ['blank', '   ', 'idempotency-key-missing'],
  ['too long', 'k'.repeat(256), 'idempotency-key-invalid'],
  ['with a space', 'a b', 'idempotency-key-invalid'],
  ['beyond ASCII', 'schlüssel', 'idempotency-key-invalid'],
  ['empty in quotes', '""', 'idempotency-key-invalid'],
])('refuses an idempotency key that is %s', (_, header, kind) => {
  expect(() => idempotencyKey(withHeader(header))).toThrow(new Problem(kind as 'bad-request'));
});

test.each([
  ['wait=10', 10],
  ['respond-async, wait=5', 5],
  ['WAIT = 7', 7],
  ['wait=9999', 30],
  ['', 0],
  ['await=3', 0],
  ['wait=-1', 0],
])('reads "Prefer: %s" as %i seconds', (header, seconds) => {
  expect(preferredWaitSeconds(withHeader(header))).toBe(seconds);
});

test('takes over a valid trace and no other', () => {
  const valid = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  expect(traceparent(withHeader(valid))).toBe(valid);
  expect(traceparent(withHeader('00-x-y-01'))).toBeUndefined();
});
