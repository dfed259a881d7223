import type { Context } from 'koa';
import type { Gate } from '../contract/mount';
import { Problem } from '../http/problem';
import type { RateLimits } from '../limits/rate-limits';
import type { ApiKeys } from './api-keys';
import type { Caller } from './caller';
import type { Scope } from './scopes';
import type { TokenVerifier } from './tokens';

/** What it takes to know who calls. */
export interface GateDependencies {
  readonly apiKeys: ApiKeys;
  /** Without it only API keys are accepted. */
  readonly verifyToken?: TokenVerifier | undefined;
  readonly rateLimits: RateLimits;
}

/** Lets in who has a valid key or token with one of the scopes, and has not asked too often. */
export function createGate(dependencies: GateDependencies): Gate {
  const { rateLimits } = dependencies;
  return {
    async admit(ctx, scopes) {
      const caller = await callerOf(ctx, dependencies);
      if (typeof caller === 'string') {
        if (caller === 'refused') await rateLimits.takeForFailure(ctx);
        throw unauthorized(ctx);
      }
      ctx.state['tenant'] = caller.tenant;
      ctx.state['credential'] = caller.credential;
      await rateLimits.takeForCaller(ctx, caller);
      if (!scopes.some((scope) => caller.scopes.includes(scope))) throw forbidden(scopes);
      return caller;
    },
    async isStillGood(ctx) {
      return typeof (await callerOf(ctx, dependencies)) !== 'string';
    },
  };
}

/** RFC 6750, section 2.1; never from the URL, which is logged everywhere. */
const BEARER = /^Bearer +([\w.~+/=-]+)$/i;

async function callerOf(
  ctx: Context,
  { apiKeys, verifyToken }: GateDependencies,
): Promise<Caller | 'refused' | 'unknown'> {
  const credential = BEARER.exec(ctx.get('Authorization'))?.[1];
  if (credential === undefined) return 'refused';
  // A JWT has dots, and a key has none.
  if (!credential.includes('.')) return (await apiKeys.callerOf(credential)) ?? 'refused';
  return verifyToken ? verifyToken(credential) : 'refused';
}

function unauthorized(ctx: Context): Problem {
  const isGiven = ctx.get('Authorization') !== '';
  const challenge = `Bearer realm="tandem"${isGiven ? ', error="invalid_token"' : ''}`;
  return new Problem('unauthorized', { headers: { 'WWW-Authenticate': challenge } });
}

function forbidden(scopes: readonly Scope[]): Problem {
  const challenge = `Bearer realm="tandem", error="insufficient_scope", scope="${scopes.join(' ')}"`;
  const detail = `needs the scope ${scopes.join(' or ')}`;
  return new Problem('forbidden', { detail, headers: { 'WWW-Authenticate': challenge } });
}
