import { createLogger } from '../../platform/log';
import { redacted } from '../../platform/redact';

/** Nobody's: each must be in no line. */
const CANARIES = {
  mail: 'canary.bird+7@example.co.uk',
  stripeKey: 'sk_live_51CanaryCanary',
  webhookSecret: 'whsec_Q2FuYXJ5Q2FuYXJ5',
  apiKey: 'tdm_canary16characte_secretsecretsecret',
  card: 'pm_card_canary',
  token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
} as const;

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('test', 'trace', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

/** What PostgreSQL's driver throws: with the row that was refused. */
class DriverError extends Error {
  override readonly name = 'error';
  readonly code = '23514';
  readonly constraint = 'orders_status_check';
  readonly detail = `Failing row contains (ord_1, ${CANARIES.mail}, Canary Seven).`;
}

test.each(Object.entries(CANARIES))('a %s is in no line, wherever it stands', (_, canary) => {
  const text = logged((logger) => {
    logger.info({ orderId: 'ord_1', deep: { er: { still: [`to ${canary}`] } } }, `for ${canary}`);
    logger.warn({ err: new Error(`550 ${canary} is unknown`, { cause: new Error(canary) }) }, 'no');
    logger.error({ err: new DriverError(`refused with ${canary}`) }, 'no');
  });
  expect(text).not.toContain(canary);
  expect(text).toContain('ord_1');
});

test('a password in a URL is hidden, and the server is not', () => {
  const url = 'postgresql://tandem:correct-horse-canary@db.example:5432/tandem';
  const text = logged((logger) => logger.warn({ err: new Error(`cannot reach ${url}`) }, 'no'));
  expect(text).not.toContain('canary');
  expect(text).toContain('db.example:5432');
});

test('of a row that was refused nothing is logged but which rule refused it', () => {
  const text = logged((logger) => logger.error({ err: new DriverError('refused') }, 'no'));
  expect(text).not.toContain('Canary Seven');
  expect(JSON.parse(text)).toMatchObject({ err: { constraint: 'orders_status_check' } });
});

test('what is no secret stays: ids, streams, versions, paths', () => {
  const kept =
    'ord_019ac6f0-0000-7000-8000-000000000000 shop:{orders:3}:events 1795688846592-0 @temporalio/worker 1.24.0';
  expect(logged((logger) => logger.info(kept))).toContain(kept);
});

test.each([
  ['letters', 'a'],
  ['a name of a host', 'a.'],
  ['colons and slashes', 'a://'],
  ['an address that never ends', 'a@a.'],
  ['words that look like keys', 'sk_live_'],
  ['tokens that are none', 'eyJ.'],
])('a megabyte of %s is looked through in a time that grows with its length alone', (_, part) => {
  const text = part.repeat(1_000_000 / part.length);
  // With an @, so that all patterns are tried. What is quadratic would not end before the test does.
  expect(redacted(`${text} @ ${text}`)).toContain(' @ ');
});
