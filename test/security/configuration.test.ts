import { unsafeSettings, refuseUnsafe } from '../../platform/production';

const SAFE = {
  DATABASE_URL: 'postgresql://tandem:Zm9vYmFyYmF6@db.internal/tandem',
  STRIPE_API_KEY: 'sk_live_51abcdefghijklmnop',
  STRIPE_API_BASE: undefined,
  STRIPE_WEBHOOK_SECRETS: ['whsec_0123456789abcdefghijklmnop'],
  EVENT_SEALING_KEYS: '2026-11:m2Yx8Kq0bq1G7u9Vw3cT5rX1sZ4aB6dE8fH0jL2nP4Q',
  WEBHOOKS_ALLOW_LOOPBACK: false,
  JWT_ISSUER: 'https://login.shop.example/',
  JWT_AUDIENCE: 'tandem',
  JWT_JWKS_URL: 'https://login.shop.example/jwks',
  CORS_ORIGINS: ['https://shop.example'],
};

test('settings of a shop that is run with care are safe', () => {
  expect(unsafeSettings(SAFE)).toEqual([]);
});

test.each([
  ['DATABASE_URL', { DATABASE_URL: 'postgresql://tandem:tandem@db/tandem' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgresql://app:password@db/tandem' }],
  ['STRIPE_API_KEY', { STRIPE_API_KEY: 'sk_test_simulator' }],
  ['STRIPE_API_BASE', { STRIPE_API_BASE: 'http://payments.internal' }],
  ['STRIPE_WEBHOOK_SECRETS', { STRIPE_WEBHOOK_SECRETS: ['whsec_short'] }],
  ['EVENT_SEALING_KEYS', { EVENT_SEALING_KEYS: `2026:${'A'.repeat(43)}` }],
  ['EVENT_SEALING_KEYS', { EVENT_SEALING_KEYS: SAFE.EVENT_SEALING_KEYS.replace('2026-11', 'dev') }],
  ['WEBHOOKS_ALLOW_LOOPBACK', { WEBHOOKS_ALLOW_LOOPBACK: true }],
  ['JWT_JWKS_URL', { JWT_JWKS_URL: 'http://login.shop.example/jwks' }],
  ['JWT_ISSUER', { JWT_AUDIENCE: undefined }],
  ['JWT_ISSUER', { JWT_ISSUER: undefined }],
  ['CORS_ORIGINS', { CORS_ORIGINS: ['http://shop.example'] }],
])('%s as in %j is unsafe', (name, setting) => {
  const findings = unsafeSettings({ ...SAFE, ...setting });
  expect(findings).toEqual([expect.stringMatching(new RegExp(`^${name}`))]);
});

test('all that is unsafe is said at once, and no secret with it', () => {
  const findings = unsafeSettings({
    ...SAFE,
    STRIPE_API_KEY: 'sk_test_secret',
    WEBHOOKS_ALLOW_LOOPBACK: true,
  });
  expect(() => refuseUnsafe(findings)).toThrow(/STRIPE_API_KEY[^]*WEBHOOKS_ALLOW_LOOPBACK/);
  expect(findings.join()).not.toContain('sk_test_secret');
});
