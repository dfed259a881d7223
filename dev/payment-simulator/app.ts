import { setTimeout as sleep } from 'node:timers/promises';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { cancelIntent, captureIntent, createIntent, type Form } from './intents';
import type { Intent } from './intent';
import type { KeptAnswer, Ledger } from './ledger';
import { StripeError } from './stripe-error';

/** No answer is held back for longer than this. */
const MAX_DELAY_MS = 60_000;

/**
 * The part of Stripe's API that Tandem uses: payment intents with manual capture, idempotency
 * keys, declines by test card. `POST /simulator/delay` with `answerDelayMs` makes it slow.
 */
export function createSimulator(ledger: Ledger): Koa {
  const faults = { answerDelayMs: 0 };
  const router = new Router();

  router.post('/v1/payment_intents', (ctx) => {
    ctx.body = ctx.state['intent'] = createIntent(formOf(ctx));
  });
  router.get('/v1/payment_intents/:id', (ctx) => {
    ctx.body = find(ctx);
  });
  router.post('/v1/payment_intents/:id/capture', (ctx) => {
    ctx.body = ctx.state['intent'] = captureIntent(find(ctx), formOf(ctx));
  });
  router.post('/v1/payment_intents/:id/cancel', (ctx) => {
    ctx.body = ctx.state['intent'] = cancelIntent(find(ctx), formOf(ctx));
  });

  /** Not Stripe's: what the provider knows, for tests and people. */
  router.get('/simulator/intents', (ctx) => {
    ctx.body = ledger.intents();
  });
  router.post('/simulator/delay', (ctx) => {
    const wanted = Number(formOf(ctx)['answerDelayMs']);
    faults.answerDelayMs = Math.min(Math.max(wanted || 0, 0), MAX_DELAY_MS);
    ctx.body = faults;
  });

  function find(ctx: Context): Intent {
    const id = String((ctx as { params?: Record<string, string> }).params?.['id']);
    const intent = ledger.findIntent(id);
    if (!intent) throw StripeError.missing('payment_intent', id);
    return intent;
  }

  const app = new Koa();
  app.silent = true;
  app.use(bodyParser({ enableTypes: ['json', 'form'] }));
  // The answer is late, not its effect.
  app.use(async (ctx, next) => {
    await next();
    if (ctx.path.startsWith('/v1/')) await sleep(faults.answerDelayMs);
  });
  app.use(answerErrors);
  app.use(authenticate);
  app.use(answerOnce(ledger));
  app.use(answerErrors);
  app.use(router.routes());
  return app;
}

function formOf(ctx: Context): Form {
  return (ctx.request.body ?? {}) as Form;
}

async function answerErrors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    ctx.state['intent'] = error.intent;
    ctx.status = error.status;
    ctx.body = { error: error.body };
  }
}

async function authenticate(ctx: Context, next: Next): Promise<void> {
  if (ctx.path.startsWith('/v1/') && !/^Bearer sk_/.test(ctx.get('Authorization'))) {
    throw new StripeError(401, { type: 'invalid_request_error', message: 'Invalid API Key' });
  }
  await next();
}

/**
 * Answers a repeat with what the first request of its key was answered, declines included. What a
 * request changed and what it was answered are recorded at once.
 */
function answerOnce(ledger: Ledger) {
  return async function answerOncePerKey(ctx: Context, next: Next): Promise<void> {
    const key = ctx.method === 'POST' ? ctx.get('Idempotency-Key') : '';
    const request = `${ctx.path} ${ctx.request.rawBody}`;
    const kept = key === '' ? undefined : ledger.findAnswer(key);
    if (kept) {
      replay(ctx, kept, request);
      return;
    }
    await next();
    // Not kept when the request itself was wrong: Stripe lets it be mended under the same key.
    const isKept = key !== '' && ctx.status !== 400;
    const answer = isKept ? { key, request, status: ctx.status, body: ctx.body } : undefined;
    const intent = ctx.state['intent'] as Intent | undefined;
    if (intent || answer) ledger.record({ intent, answer });
  };
}

function replay(ctx: Context, kept: KeptAnswer, request: string): void {
  if (kept.request !== request) throw StripeError.keyReused(kept.key);
  ctx.status = kept.status;
  ctx.body = kept.body;
  ctx.set('Idempotent-Replayed', 'true');
}
