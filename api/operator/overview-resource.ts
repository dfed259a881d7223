import { z } from 'zod';
import { momentSchema } from '../contract/moments';

const pointSchema = z.strictObject({
  at: z.int().describe('Its beginning, in seconds since 1970.'),
  ...{ placed: z.int(), confirmed: z.int(), rejected: z.int(), failed: z.int() },
  cancelled: z.int(),
  revenueMinor: z.number(),
  currency: z.string().nullable(),
  p50Ms: z.number().nullable().describe('From the request to the confirmation.'),
  p95Ms: z.number().nullable(),
});

const groupSchema = z.strictObject({
  group: z.string(),
  state: z.enum(['running', 'probing', 'paused', 'stopped', 'unknown']),
  members: z.int(),
  lagEntries: z.int().nullable().describe('Null while Redis cannot say.'),
  lagSeconds: z.number().nullable(),
  ...{ parked: z.int(), dead: z.int(), losses: z.int(), unpublished: z.int() },
  pausedBy: z.string().nullable(),
  pausedWhy: z.string().nullable(),
});

const latestOrderSchema = z.strictObject({
  ...{ id: z.string(), tenant: z.string(), status: z.string(), outcomeCode: z.string().nullable() },
  ...{ needsAttention: z.array(z.string()), totalMinor: z.int(), currency: z.string() },
  createdAt: momentSchema,
});

/** How everything stands. */
export const overviewSchema = z
  .strictObject({
    object: z.literal('overview'),
    at: momentSchema,
    orders: z.strictObject({
      pending: z.int().describe('Counted up to 10,000.'),
      ...{ waitingForSaga: z.int(), oldestPendingSeconds: z.number(), cancelling: z.int() },
      ...{ needsAttention: z.int(), unpublished: z.int(), oldestUnpublishedSeconds: z.number() },
      unsettledWebhooks: z.int(),
      sagaWorkerSeenSeconds: z.number().nullable(),
      taskQueueSeconds: z.number(),
    }),
    servers: z.strictObject({ redis: z.boolean(), temporal: z.boolean() }),
    series: z.array(pointSchema).describe('The last points; `getSeries` has the last hour.'),
    groups: z.array(groupSchema),
    latest: z.array(latestOrderSchema),
  })
  .meta({ id: 'Overview' });

/** See {@link overviewSchema}. */
export type Overview = z.infer<typeof overviewSchema>;

/** The last hour. */
export const seriesSchema = z
  .strictObject({ object: z.literal('series'), widthSeconds: z.int(), data: z.array(pointSchema) })
  .meta({ id: 'Series' });

/** See {@link seriesSchema}. */
export type Series = z.infer<typeof seriesSchema>;
