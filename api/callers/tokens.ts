import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Logger } from 'pino';
import { CUSTOMER_ID_PATTERN } from '../../domain/order';
import { TENANT_PATTERN, type Caller } from './caller';
import { scopeSchema, type Scope } from './scopes';

/** Signatures that only the issuer can make: a shared secret or none is never accepted. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** A token with groups and names in it is 2 KB. */
const MAX_TOKEN_LENGTH = 8_192;
const CLOCK_TOLERANCE_SECONDS = 5;
/** Enough to tell subjects apart in the log and on record. */
const SUBJECT_HASH_LENGTH = 22;

/** The issuer's keys are asked for at most this often, and trusted this long. */
const JWKS_COOLDOWN_MS = 30_000;
const JWKS_MAX_AGE_MS = 600_000;
const JWKS_TIMEOUT_MS = 3_000;

/** Whose tokens are accepted. */
export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** The claim that names the tenant, and the one that binds a token to a customer. */
  readonly tenantClaim: string;
  readonly customerClaim: string;
  /** Whether the scope `ops` counts, which is everything in every tenant. */
  readonly mayOperate?: boolean;
}

/**
 * Whose token it is; `refused` for one that is not to be trusted, `unknown` while the issuer's keys
 * cannot be had, which is not the client's fault.
 */
export type TokenVerifier = (token: string) => Promise<Caller | 'refused' | 'unknown'>;

/** Verifies JWTs (RFC 7519, RFC 9068) by the issuer's keys, which are fetched and cached. */
export function createTokenVerifier(settings: TokenSettings, logger: Logger): TokenVerifier {
  const remote = createRemoteJWKSet(new URL(settings.jwksUrl), {
    cooldownDuration: JWKS_COOLDOWN_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
    timeoutDuration: JWKS_TIMEOUT_MS,
  });
  // Those we had last are better than none.
  const keys: JWTVerifyGetKey = (header, token) =>
    remote(header, token).catch((err: unknown) => {
      const last = remote.jwks();
      if (!isAway(err) || !last) throw err;
      logger.warn({ err }, "the issuer's keys are old: new ones cannot be had");
      return createLocalJWKSet(last)(header, token);
    });
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return 'refused';
    try {
      const caller = callerOf(await claimsOf(token, keys, settings), settings);
      if (!caller) logger.info({ reason: 'it names no tenant, or nobody' }, 'token refused');
      return caller ?? 'refused';
    } catch (err) {
      if (!isAway(err)) {
        // Which claim, for who connects an issuer; the client is told nothing.
        logger.info({ reason: (err as Error).message }, 'token refused');
        return 'refused';
      }
      logger.warn({ err }, "the issuer's keys cannot be had");
      return 'unknown';
    }
  };
}

/** What jose throws when the issuer's server did not answer, or not as it should. */
function isAway(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC';
}

async function claimsOf(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: TokenSettings,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, keys, {
    ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS },
    requiredClaims: ['exp', 'sub'],
  });
  return payload;
}

/** Undefined when its claims name nobody. */
function callerOf(
  claims: JWTPayload,
  { tenantClaim, customerClaim, mayOperate = false }: TokenSettings,
): Caller | undefined {
  const { sub = '', [tenantClaim]: tenant, [customerClaim]: customerId } = claims;
  if (typeof tenant !== 'string' || !TENANT_PATTERN.test(tenant)) return undefined;
  if (sub === '') return undefined;
  const who = { tenant, credential: subjectOf(sub) };
  const given = scopesOf(claims['scope']);
  const scopes = mayOperate ? given : given.filter((scope) => scope !== 'ops');
  if (customerId === undefined) return { ...who, scopes };
  if (typeof customerId !== 'string' || !CUSTOMER_ID_PATTERN.test(customerId)) return undefined;
  // A customer has orders, and nothing else here.
  return { ...who, customerId, scopes: scopes.filter((scope) => scope === 'orders') };
}

/** Many an issuer's subject is a mail address, which belongs into no log and no record. */
function subjectOf(sub: string): string {
  const hash = createHash('sha256').update(sub).digest('base64url');
  return `sub_${hash.slice(0, SUBJECT_HASH_LENGTH)}`;
}

/** Words with spaces between them (RFC 8693, section 4.2); unknown ones are somebody else's. */
function scopesOf(scope: unknown): Scope[] {
  const words = typeof scope === 'string' ? scope.split(' ') : [];
  return words.flatMap((word) => scopeSchema.safeParse(word).data ?? []);
}
