import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What can be asked of the provider, by the name by which rules mean it. */
const OPERATIONS = ['create', 'capture', 'cancel', 'refund', 'retrieve', 'list'] as const;
/** One of them. */
export type Operation = (typeof OPERATIONS)[number];

/** No answer is held back for longer than this. */
export const MAX_DELAY_MS = 60_000;
const MAX_RULES = 500;

const ruleSchema = z.strictObject({
  on: z.enum([...OPERATIONS, 'any']).default('any'),
  /**
   * `slow`: answers late. `drop-request`: breaks the connection before anything happens.
   * `drop-reply`: afterwards. `server-error`, `rate-limit`, `html`: answers so, and does nothing.
   * `error-after`: does it, and answers 500. `decline`: the bank says no. `wrong-amount`: answers
   * with another amount than was asked for.
   */
  fault: z.enum([
    ...['slow', 'drop-request', 'drop-reply', 'server-error', 'error-after', 'rate-limit'],
    ...['html', 'decline', 'wrong-amount'],
  ] as [string, ...string[]]),
  /** Which share of the requests it strikes. */
  rate: z.number().min(0).max(1).default(1),
  /** How often it strikes at most. */
  times: z.int().min(1).optional(),
  /** Only requests about this order. */
  orderId: z.string().optional(),
  delayMs: z.number().min(0).max(MAX_DELAY_MS).default(0),
});

/** What goes wrong from now on; the same seed and requests go wrong in the same way. */
export const faultPlanSchema = z.strictObject({
  seed: z.int().default(1),
  rules: z.array(ruleSchema).max(MAX_RULES).default([]),
});

/** A plan of faults. */
export type FaultPlan = z.infer<typeof faultPlanSchema>;
/** One rule of it. */
export type FaultRule = z.infer<typeof ruleSchema>;

/** A request, as far as rules look at it. */
export interface StruckRequest {
  readonly operation: Operation;
  readonly orderId: string | undefined;
  /** What makes it the same request as another one: its idempotency key or its path. */
  readonly identity: string;
}

/** Decides which request goes wrong, and how. */
export class Faults {
  #plan: FaultPlan = { seed: 1, rules: [] };
  readonly #strikes = new Map<FaultRule, number>();
  readonly #seen = new Map<string, number>();

  get plan(): FaultPlan {
    return this.#plan;
  }

  /** Replaces everything that was planned. */
  set plan(plan: FaultPlan) {
    this.#plan = plan;
    this.#strikes.clear();
    this.#seen.clear();
  }

  /** The first rule that strikes this request, counted. */
  strike(request: StruckRequest): FaultRule | undefined {
    const occurrence = (this.#seen.get(request.identity) ?? 0) + 1;
    this.#seen.set(request.identity, occurrence);
    const rule = this.#plan.rules.find((candidate, i) => {
      if (candidate.on !== 'any' && candidate.on !== request.operation) return false;
      if (candidate.orderId !== undefined && candidate.orderId !== request.orderId) return false;
      if ((this.#strikes.get(candidate) ?? 0) >= (candidate.times ?? Infinity)) return false;
      return chance(`${this.#plan.seed}/${i}/${request.identity}/${occurrence}`) < candidate.rate;
    });
    if (rule) this.#strikes.set(rule, (this.#strikes.get(rule) ?? 0) + 1);
    return rule;
  }
}

/** A number from 0 to 1 that follows from the text, so that a run can be had again. */
function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
