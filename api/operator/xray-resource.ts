import { z } from 'zod';
import { momentSchema } from '../contract/moments';
import { orderIdSchema } from '../orders/order-resource';

/** Something that happened to an order, wherever. */
const entrySchema = z.strictObject({
  at: momentSchema,
  tookMs: z.int().nonnegative().nullable().describe('Null where nobody measured it.'),
  lane: z
    .string()
    .describe('`request`, `saga`, `journal`, `stream`, or the name of a consumer group.'),
  what: z.string(),
  state: z
    .enum(['done', 'refused', 'failed', 'waiting', 'dead', 'undone'])
    .describe('`waiting`: it is not over yet. `undone`: a compensation did its work.'),
  attempt: z.int().positive().nullable(),
  detail: z.record(z.string(), z.unknown()),
});

const spanSchema = z.strictObject({
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  startMs: z.number().describe('Milliseconds since 1970.'),
  tookMs: z.number(),
  isFailed: z.boolean(),
});

/** One order on both sides, on one time axis. */
export const xraySchema = z
  .strictObject({
    object: z.literal('xray'),
    order: z.strictObject({
      ...{ id: orderIdSchema, tenant: z.string(), status: z.string(), paymentStatus: z.string() },
      ...{ fulfilmentStatus: z.string(), outcomeCode: z.string().nullable() },
      ...{ currency: z.string(), totalMinor: z.int(), needsAttention: z.array(z.string()) },
      lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
      ...{ createdAt: momentSchema, requestId: z.string().nullable() },
      traceparent: z.string().nullable(),
      payment: z
        .strictObject({
          ...{ state: z.string(), intentId: z.string().nullable(), amountMinor: z.int() },
          declineCode: z.string().nullable(),
        })
        .nullable()
        .describe('As we know it; its intent is to be looked up at the provider.'),
    }),
    entries: z.array(entrySchema),
    sagas: z
      .array(
        z.strictObject({
          workflowId: z.string(),
          status: z.string(),
          openSteps: z.array(z.string()).describe('What a person may decide about.'),
          pending: z.array(
            z.strictObject({
              ...{ activity: z.string(), attempt: z.int(), lastError: z.string().nullable() },
              nextAttemptAt: momentSchema.nullable(),
            }),
          ),
          link: z.string().nullable().describe('Its page in the Temporal Web UI.'),
        }),
      )
      .nullable()
      .describe('What Temporal says now; null while it does not answer.'),
    silentGroups: z.array(z.string()).describe('Consumer groups that could not be asked.'),
    traces: z
      .array(z.strictObject({ traceId: z.string(), spans: z.array(spanSchema) }))
      .nullable()
      .describe('From the trace viewer of development; null where there is none.'),
    traceLink: z.string().nullable().describe('The trace in your own tracing system.'),
  })
  .meta({ id: 'Xray' });

/** See {@link xraySchema}; moments are `Date`s or ISO texts, which JSON makes alike. */
export type Xray = z.infer<typeof xraySchema>;
/** One of its entries. */
export type XrayEntry = z.infer<typeof entrySchema>;
