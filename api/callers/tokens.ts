import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { CUSTOMER_ID_PATTERN } from '../../domain/order';
import { TENANT_PATTERN, type Caller } from './caller';
import { scopeSchema, type Scope } from './scopes';

/** Signatures that only the issuer can make: a shared secret or none is never accepted. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** A token with groups and names in it is 2 KB. */
const MAX_TOKEN_LENGTH = 8_192;
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_SUBJECT_LENGTH = 255;

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
}

/** Whose token it is; undefined for one that is not to be trusted, for whatever reason. */
export type TokenVerifier = (token: string) => Promise<Caller | undefined>;

/** Verifies JWTs (RFC 7519, RFC 9068) by the issuer's keys, which are fetched and cached. */
export function createTokenVerifier(settings: TokenSettings, logger: Logger): TokenVerifier {
  const keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
    cooldownDuration: JWKS_COOLDOWN_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
    timeoutDuration: JWKS_TIMEOUT_MS,
  });
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    try {
      return callerOf(await claimsOf(token, keys, settings), settings);
    } catch (err) {
      // The issuer's server is away, which is not the client's fault and nothing it can mend.
      if (!(err instanceof errors.JOSEError) || err instanceof errors.JWKSTimeout) {
        logger.warn({ err }, 'the keys of the issuer cannot be had');
      }
      return undefined;
    }
  };
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
  { tenantClaim, customerClaim }: TokenSettings,
): Caller | undefined {
  const { sub = '', [tenantClaim]: tenant, [customerClaim]: customerId } = claims;
  if (typeof tenant !== 'string' || !TENANT_PATTERN.test(tenant)) return undefined;
  if (sub.length > MAX_SUBJECT_LENGTH) return undefined;
  const who = { tenant, credential: `sub:${sub}` };
  const scopes = scopesOf(claims['scope']);
  if (customerId === undefined) return { ...who, scopes };
  if (typeof customerId !== 'string' || !CUSTOMER_ID_PATTERN.test(customerId)) return undefined;
  // A customer has orders, and nothing else here.
  return { ...who, customerId, scopes: scopes.filter((scope) => scope === 'orders') };
}

/** Words with spaces between them (RFC 8693, section 4.2); unknown ones are somebody else's. */
function scopesOf(scope: unknown): Scope[] {
  const words = typeof scope === 'string' ? scope.split(' ') : [];
  return words.flatMap((word) => scopeSchema.safeParse(word).data ?? []);
}
