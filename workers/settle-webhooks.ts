import type { Logger } from 'pino';
import type { PaymentFinding } from '../activities/reconcile-payment';
import type { Database } from '../db/database';
import { settleWebhookEvent, takeWebhookEvents } from '../db/webhook-events';
import { repeat, type RepeatedDuty } from '../platform/repeat';

const INTERVAL_MS = 1_000;
const BATCH = 20;

/** Tried again after this long, twice this, …: the provider or the database was away. */
const PUT_OFF_SECONDS = 10;

/** After that a notification says nothing that the reconciler does not find by itself. */
const MAX_ATTEMPTS = 20;

/** Compares what the provider has told us with what we know, at its own pace. */
export function settleWebhooks({
  db,
  reconcilePayment,
  logger,
}: {
  db: Database;
  reconcilePayment: (intentId: string) => Promise<PaymentFinding>;
  logger: Logger;
}): RepeatedDuty {
  return repeat({ name: 'settle webhooks', intervalMs: INTERVAL_MS, logger }, async () => {
    const events = await takeWebhookEvents(db, { limit: BATCH, putOffSeconds: PUT_OFF_SECONDS });
    for (const { eventId, intentId, attempt } of events) {
      try {
        const finding = intentId ? await reconcilePayment(intentId) : 'not about a payment';
        // Looked at again: its saga may end without ever having heard of this.
        if (finding === 'in flight' && attempt < MAX_ATTEMPTS) continue;
        await settleWebhookEvent(db, eventId, finding);
        if (finding !== 'in order' && finding !== 'in flight') {
          logger.info({ eventId, intentId, finding }, 'payment reconciled');
        }
      } catch (err) {
        logger.warn({ err, eventId, attempt }, 'payment not reconciled, tried again');
        if (attempt >= MAX_ATTEMPTS) await settleWebhookEvent(db, eventId, 'given up');
      }
    }
  });
}
