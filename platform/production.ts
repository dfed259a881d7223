import { ConfigurationError, type Config } from './config';
import type { settings } from './settings';

type AnySettings = Partial<Config<keyof typeof settings>>;

/** What everybody knows from examples and from our own documents. */
const KNOWN_PASSWORDS = new Set(['', 'password', 'postgres', 'tandem', 'secret', 'changeme']);
const KNOWN_KEY_IDS = new Set(['dev', 'test', 'example']);

/** Throws all at once what makes it unsafe to run in production, if anything does. */
export function refuseUnsafe(findings: readonly string[]): void {
  if (findings.length === 0) return;
  const lines = findings.map((finding) => `✖ ${finding}`);
  throw new ConfigurationError(`unsafe in production (NODE_ENV)\n${lines.join('\n')}`);
}

/** Settings that are good enough for development alone; one line each. */
export function unsafeSettings(config: AnySettings): string[] {
  return [
    ...unsafeStripe(config),
    ...unsafeSealing(config.EVENT_SEALING_KEYS),
    ...finding(hasKnownPassword(config.DATABASE_URL), 'DATABASE_URL has a password that is known'),
    ...finding(
      config.WEBHOOKS_ALLOW_LOOPBACK === true,
      'WEBHOOKS_ALLOW_LOOPBACK lets customers reach this machine',
    ),
    ...finding(config.DEVELOPMENT_URL !== undefined, 'DEVELOPMENT_URL lets a page break things'),
    ...finding(
      config.TRACE_VIEWER_URL !== undefined,
      'TRACE_VIEWER_URL is a viewer of development: set TRACE_LINK',
    ),
    ...incompleteJwt(config),
    ...finding(
      config.JWT_JWKS_URL?.startsWith('http:') === true,
      'JWT_JWKS_URL is not https: whoever is in between can make tokens',
    ),
    ...finding(
      config.CORS_ORIGINS?.some((origin) => origin.startsWith('http:')) === true,
      'CORS_ORIGINS has an origin that is not https',
    ),
  ];
}

function unsafeStripe({ STRIPE_API_KEY, STRIPE_API_BASE, STRIPE_WEBHOOK_SECRETS }: AnySettings) {
  return [
    ...finding(
      STRIPE_API_KEY?.includes('_test_') === true,
      'STRIPE_API_KEY is a test key: no money would be taken',
    ),
    ...finding(
      STRIPE_API_BASE?.startsWith('http:') === true,
      'STRIPE_API_BASE is not https: the key would be readable on its way',
    ),
    ...finding(
      STRIPE_WEBHOOK_SECRETS?.some((secret) => secret.length < MIN_SECRET_LENGTH) === true,
      'STRIPE_WEBHOOK_SECRETS has one that is too short',
    ),
  ];
}

/** Whose tokens are accepted is said with for what, and by which keys. */
export function incompleteJwt({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL }: AnySettings): string[] {
  const given = [JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL].filter((one) => one !== undefined);
  return finding(
    given.length === 1 || given.length === 2,
    'JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL are needed together',
  );
}

/** Stripe's have 38 characters. */
const MIN_SECRET_LENGTH = 24;

function unsafeSealing(keys: string | undefined): string[] {
  return (keys ?? '').split(',').flatMap((key) => {
    const [id = '', secret = ''] = key.split(':');
    const isKnown = KNOWN_KEY_IDS.has(id) || new Set(secret).size <= 2;
    return finding(key !== '' && isKnown, `EVENT_SEALING_KEYS: the key "${id}" is an example`);
  });
}

function hasKnownPassword(url: string | undefined): boolean {
  if (url === undefined) return false;
  const { username, password, hostname } = new URL(url);
  // A socket, or a certificate, needs none.
  if (username === '' || hostname === '') return false;
  return KNOWN_PASSWORDS.has(decodeURIComponent(password)) || password === username;
}

function finding(isUnsafe: boolean, text: string): string[] {
  return isUnsafe ? [text] : [];
}
