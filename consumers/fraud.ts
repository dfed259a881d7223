import { z } from 'zod';
import { tenantOf } from '../events/envelope';
import { FraudSuspected } from '../events/fraud-events';
import { OrderCreated, OrderRejected, PaymentCaptured } from '../events/order-events';
import {
  assessCard,
  assessOrder,
  ASSESSMENTS_TABLES,
  ASSESSMENTS_TENANTS,
  recordDecline,
  type Assessment,
  type FraudSchema,
} from './fraud/assessments';
import { CANCEL_ORDER_GRANT, cancelOrder } from './fraud/cancel-order';
import {
  defineConsumer,
  on,
  type Behaviour,
  type Effect,
  type ReactionContext,
} from './runtime/consumer';

/** One strong reason. */
const DEFAULT_SUSPECT_SCORE = 40;
/** More than all reasons together. */
const MAX_SCORE = 1_000;

/** Parcels have left by then. */
const OLD_MS = 24 * 3_600_000;

interface FraudSettings {
  readonly FRAUD_SUSPECT_SCORE: number;
  readonly FRAUD_BLOCK_SCORE?: number | undefined;
}

/**
 * Judges each order by what its customer and its card did before. A suspect is an event; where the
 * shop has said from which score on, the order is called off. What is read again and old is only
 * learned from.
 */
export const consumer = defineConsumer({
  group: 'fraud',
  history: 'all',
  settings: z.object({
    FRAUD_SUSPECT_SCORE: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_SCORE)
      .default(DEFAULT_SUSPECT_SCORE)
      .describe('From this score on an order is said to be suspected of fraud.'),
    FRAUD_BLOCK_SCORE: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_SCORE)
      .optional()
      .describe('From this score on a suspected order is cancelled. None is if unset.'),
  }),
  migrations: {
    '0001_assessments': ASSESSMENTS_TABLES,
    '0002_cancel_order': CANCEL_ORDER_GRANT,
    '0003_tenants': ASSESSMENTS_TENANTS,
  },
  create: (settings): Behaviour<FraudSchema> => ({
    reactions: [
      on(OrderCreated, async (event, context) => {
        const { data, time } = event;
        const placed = { ...data, time, tenant: tenantOf(event) };
        const assessment = await assessOrder(context.tx, placed);
        return decide(settings, data.orderId, assessment, isOld(time, context), context);
      }),
      on(PaymentCaptured, async ({ data: { orderId, cardFingerprint }, time }, context) => {
        if (cardFingerprint === undefined) return { card: 'unknown' };
        const card = { orderId, fingerprint: cardFingerprint };
        const assessment = await assessCard(context.tx, card);
        // It was placed before this consumer began.
        if (!assessment) return { order: 'unknown' };
        return decide(settings, orderId, assessment, isOld(time, context), context);
      }),
      on(OrderRejected, async (event, { tx }) => {
        const { orderId, customerId, code } = event.data;
        if (code !== 'payment_declined') return { declined: false };
        await recordDecline(tx, {
          ...{ orderId, customerId, tenant: tenantOf(event), time: event.time },
        });
        return { declined: true };
      }),
    ],
  }),
});

/** Read again, and so long ago that nothing is to be done about it any more. */
function isOld(time: string, { isReplay }: { isReplay: boolean }): boolean {
  return isReplay && Date.now() - Date.parse(time) > OLD_MS;
}

async function decide(
  { FRAUD_SUSPECT_SCORE, FRAUD_BLOCK_SCORE = Infinity }: FraudSettings,
  orderId: string,
  { customerId, reasons, score, hasGrown }: Assessment,
  isOld: boolean,
  { tx, publish }: ReactionContext<FraudSchema>,
): Promise<Effect> {
  const isBlocked = score >= FRAUD_BLOCK_SCORE;
  const isSuspected = score >= FRAUD_SUSPECT_SCORE || isBlocked;
  if (!isSuspected || !hasGrown || isOld) return { score, reasons };
  const data = { orderId, customerId, score, reasons: [...reasons], isBlocked };
  await publish(FraudSuspected, { subject: orderId, data });
  if (!isBlocked) return { score, reasons, suspected: true };
  const why = `fraud: ${reasons.join(', ')}`;
  return { score, reasons, cancellation: await cancelOrder(tx as never, orderId, why) };
}
