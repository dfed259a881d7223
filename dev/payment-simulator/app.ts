import { setTimeout as sleep } from 'node:timers/promises';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { Faults, faultPlanSchema, MAX_DELAY_MS } from './faults';
import { cancelIntent, captureIntent, createIntent, withExpanded, type Form } from './intents';
import type { Intent } from './intent';
import type { KeptAnswer, Ledger } from './ledger';
import { createRefund, type Refund } from './refunds';
import { StripeError } from './stripe-error';
import { declineAsPlanned, striking } from './striking';
import { Webhooks, webhookPlanSchema } from './webhooks';

/** As many intents as Stripe lists at once. */
const MAX_LIST = 100;

/**
 * The part of Stripe's API that Tandem uses: payment intents with manual capture, refunds,
 * idempotency keys, declines by test card, signed webhooks. `/simulator/…` lets it go wrong.
 */
export function createSimulator(ledger: Ledger, webhooks = new Webhooks(undefined)): Koa {
  const faults = new Faults();
  const delay = { answerDelayMs: 0 };
  const router = new Router();

  router.post('/v1/payment_intents', (ctx) => {
    ctx.body = ctx.state['intent'] = createIntent(formOf(ctx), declineAsPlanned(ctx));
  });
  router.get('/v1/payment_intents', (ctx) => {
    ctx.body = listIntents(ledger, ctx.query);
  });
  router.get('/v1/payment_intents/:id', (ctx) => {
    ctx.body = find(String(ctx.params['id']));
  });
  router.post('/v1/payment_intents/:id/capture', (ctx) => {
    const form = formOf(ctx);
    const intent = (ctx.state['intent'] = captureIntent(find(String(ctx.params['id'])), form));
    ctx.body = withExpanded(intent, form);
  });
  router.post('/v1/payment_intents/:id/cancel', (ctx) => {
    ctx.body = ctx.state['intent'] = cancelIntent(find(String(ctx.params['id'])), formOf(ctx));
  });
  router.post('/v1/refunds', (ctx) => {
    const form = formOf(ctx);
    const intent = find(String(form['payment_intent']));
    const metadata = (form['metadata'] ?? {}) as Record<string, string>;
    ctx.body = ctx.state['refund'] = createRefund(intent, ledger.refunded(intent.id), metadata);
  });

  // Not Stripe's: what the provider knows, for tests and people, and what is to go wrong.
  router.get('/simulator/intents', (ctx) => {
    ctx.body = ledger.intents().map((intent) => {
      return { ...intent, amount_refunded: ledger.refunded(intent.id) };
    });
  });
  router.post('/simulator/faults', (ctx) => {
    ctx.body = faults.plan = faultPlanSchema.parse(ctx.request.body);
  });
  router.post('/simulator/webhooks', (ctx) => {
    ctx.body = webhooks.plan = webhookPlanSchema.parse(ctx.request.body);
  });
  router.post('/simulator/delay', (ctx) => {
    const wanted = Number(formOf(ctx)['answerDelayMs']);
    delay.answerDelayMs = Math.min(Math.max(wanted || 0, 0), MAX_DELAY_MS);
    ctx.body = delay;
  });

  function find(id: string): Intent {
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
    if (ctx.path.startsWith('/v1/')) await sleep(delay.answerDelayMs);
  });
  app.use(answerErrors);
  app.use(authenticate);
  app.use(striking(faults, ledger));
  app.use(answerOnce(ledger, webhooks));
  app.use(answerErrors);
  app.use(router.routes());
  return app;
}

/** A page of intents, the latest first, as Stripe pages (docs.stripe.com/api/pagination). */
function listIntents(ledger: Ledger, query: Context['query']) {
  const limit = Math.min(Number(query['limit'] ?? 10), MAX_LIST);
  const gte = Number(query['created[gte]'] ?? 0);
  const lte = Number(query['created[lte]'] ?? Infinity);
  const all = ledger.intents().filter(({ created }) => created >= gte && created <= lte);
  const latestFirst = all.reverse();
  const after = latestFirst.findIndex(({ id }) => id === query['starting_after']) + 1;
  const data = latestFirst.slice(after, after + limit);
  const has_more = after + limit < latestFirst.length;
  return { object: 'list', url: '/v1/payment_intents', has_more, data };
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
function answerOnce(ledger: Ledger, webhooks: Webhooks) {
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
    const refund = ctx.state['refund'] as Refund | undefined;
    if (intent || answer || refund) ledger.record({ intent, refund, answer });
    if (intent) webhooks.tell(intent);
  };
}

function replay(ctx: Context, kept: KeptAnswer, request: string): void {
  if (kept.request !== request) throw StripeError.keyReused(kept.key);
  ctx.status = kept.status;
  ctx.body = kept.body;
  ctx.set('Idempotent-Replayed', 'true');
}
