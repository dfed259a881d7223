import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { z } from 'zod';
import type { Intent } from './intent';

const TRIES = 5;
const RETRY_DELAY_MS = 500;
const ANSWER_TIMEOUT_MS = 5_000;

/** How notifications go wrong. */
export const webhookPlanSchema = z.strictObject({
  /** How often each is sent. */
  copies: z.int().min(1).max(10).default(1),
  /** Held back for this long, at random up to it, so that they overtake each other. */
  shuffleMs: z.number().min(0).max(60_000).default(0),
  /** Each is preceded by one with a signature that is none. */
  forged: z.boolean().default(false),
  /** How old each says that it is. */
  ageSeconds: z.int().min(0).max(86_400).default(0),
});

/** What becomes of notifications from now on. */
export type WebhookPlan = z.infer<typeof webhookPlanSchema>;

/** Where notifications go, and the secret that signs them. */
export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
}

const EVENT_TYPES: Partial<Record<Intent['status'], string>> = {
  requires_capture: 'payment_intent.amount_capturable_updated',
  succeeded: 'payment_intent.succeeded',
  canceled: 'payment_intent.canceled',
  requires_payment_method: 'payment_intent.payment_failed',
};

/** Tells the shop of each change of an intent, signed as Stripe signs (docs.stripe.com/webhooks). */
export class Webhooks {
  plan: WebhookPlan = webhookPlanSchema.parse({});

  constructor(private readonly endpoint: WebhookEndpoint | undefined) {}

  /** Sends in the background; what is not taken is tried again, a few times. */
  tell(intent: Intent): void {
    const type = EVENT_TYPES[intent.status];
    if (!this.endpoint || !type) return;
    const payload = JSON.stringify({
      id: `evt_${randomBytes(12).toString('hex')}`,
      object: 'event',
      api_version: null,
      created: Math.floor(Date.now() / 1000),
      livemode: false,
      type,
      data: { object: intent },
    });
    for (let copy = 0; copy < this.plan.copies; copy += 1) void this.#send(payload, this.endpoint);
  }

  async #send(payload: string, endpoint: WebhookEndpoint): Promise<void> {
    const { shuffleMs, forged, ageSeconds } = this.plan;
    await sleep(Math.random() * shuffleMs);
    const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
    if (forged) await post(endpoint.url, payload, sign(payload, 'whsec_forged', timestamp));
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await post(endpoint.url, payload, sign(payload, endpoint.secret, timestamp))) return;
      await sleep(RETRY_DELAY_MS);
    }
  }
}

function sign(payload: string, secret: string, timestamp: number): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

async function post(url: string, body: string, signature: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature },
      body,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return response.ok;
  } catch {
    // The shop is away: tried again.
    return false;
  }
}
