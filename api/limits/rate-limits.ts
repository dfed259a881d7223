import ipaddr from 'ipaddr.js';
import type { Context } from 'koa';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Caller } from '../callers/caller';
import { Problem } from '../http/problem';

/** Requests are counted in windows of this length, so that a short burst does no harm. */
const WINDOW_SECONDS = 10;
/** Keys and tokens that were wrong, from one address. */
const MAX_FAILURES = 50;
const FAILURE_WINDOW_SECONDS = 60;

/** Redis answers in a fraction of a millisecond; who waits longer for a counter counts by itself. */
const COUNT_PATIENCE_MS = 100;
/** After that it is left alone for a moment. */
const COUNT_PAUSE_MS = 1_000;

/** One owner of many addresses has a whole network of this size (RFC 6177). */
const IPV6_NETWORK_BITS = 64;

/** Counts where all processes of the API can see it. */
export interface SharedCounter {
  readonly eval: (
    script: string,
    call: { keys: readonly string[]; arguments: readonly string[] },
  ) => Promise<unknown>;
}

/** How many requests there may be in ten seconds. */
export interface RateLimitSettings {
  readonly perCaller: number;
  readonly perAddress: number;
  /** With a wrong key or token, in a minute. */
  readonly failuresPerAddress?: number;
}

/** Refuses who asks too often with 429 `too-many-requests` and `Retry-After`. */
export interface RateLimits {
  readonly takeForAddress: (ctx: Context) => Promise<void>;
  readonly takeForCaller: (ctx: Context, caller: Caller) => Promise<void>;
  /** For a key or token that was wrong. Who has a good one is not hindered by who guesses beside him. */
  readonly takeForFailure: (ctx: Context) => Promise<void>;
}

/** Counts in Redis, for all processes together; while it is away each counts for itself. */
export function createRateLimits(
  redis: SharedCounter,
  { perCaller, perAddress, failuresPerAddress = MAX_FAILURES }: RateLimitSettings,
): RateLimits {
  const counter = impatient(redis);
  const byAddress = limiter(counter, 'address', perAddress, WINDOW_SECONDS);
  const byCaller = limiter(counter, 'caller', perCaller, WINDOW_SECONDS);
  const byFailure = limiter(counter, 'failure', failuresPerAddress, FAILURE_WINDOW_SECONDS);

  return {
    takeForAddress: (ctx) => take(ctx, byAddress, addressOf(ctx)),
    takeForCaller: (ctx, { tenant, credential }) =>
      take(ctx, byCaller, `${tenant}/${credential}`, true),
    takeForFailure: (ctx) => take(ctx, byFailure, addressOf(ctx)),
  };
}

function limiter(
  counter: SharedCounter,
  what: string,
  points: number,
  duration: number,
): RateLimiterAbstract {
  const options = { keyPrefix: `tandem:requests:${what}`, points, duration };
  return new RateLimiterRedis({
    ...options,
    storeClient: counter,
    useRedisPackage: true,
    // Who has had his share costs no more than a look into memory.
    inMemoryBlockOnConsumed: points + 1,
    insuranceLimiter: new RateLimiterMemory(options),
  });
}

async function take(
  ctx: Context,
  limits: RateLimiterAbstract,
  who: string,
  isTold = false,
): Promise<void> {
  try {
    const taken = await limits.consume(who);
    if (isTold) tell(ctx, limits.points, taken);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    tell(ctx, limits.points, refused);
    throw tooMany(refused);
  }
}

function tell(ctx: Context, points: number, { remainingPoints, msBeforeNext }: RateLimiterRes) {
  ctx.set('RateLimit-Limit', String(points));
  ctx.set('RateLimit-Remaining', String(Math.max(remainingPoints, 0)));
  ctx.set('RateLimit-Reset', String(secondsOf(msBeforeNext)));
}

function tooMany({ msBeforeNext }: RateLimiterRes): Problem {
  return new Problem('too-many-requests', {
    headers: { 'Retry-After': String(secondsOf(msBeforeNext)) },
  });
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/** An IPv4 address, also one written as IPv6, or the network of an IPv6 address. */
function addressOf({ ip }: Context): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const parts = (address as ipaddr.IPv6).parts.slice(0, IPV6_NETWORK_BITS / 16);
  return `${parts.map((part) => part.toString(16)).join(':')}::/${IPV6_NETWORK_BITS}`;
}

/** Fails soon, and then at once for a while, where Redis hangs: requests must not wait for it. */
function impatient(redis: SharedCounter): SharedCounter {
  let awayUntil = 0;
  return {
    async eval(script, call) {
      if (performance.now() < awayUntil) throw new Error('Redis is left alone');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('Redis is late')), COUNT_PATIENCE_MS);
      });
      try {
        return await Promise.race([redis.eval(script, call), late]);
      } catch (error) {
        awayUntil = performance.now() + COUNT_PAUSE_MS;
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
