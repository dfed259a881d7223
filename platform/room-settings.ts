import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });

/** What the control room links to, and what it can do only in development. */
export const roomSettings = {
  TEMPORAL_UI_URL: httpUrl
    .optional()
    .meta({ example: 'https://temporal.shop.example' })
    .describe('The Temporal Web UI, for links to the sagas of an order.'),
  TRACE_LINK: httpUrl
    .refine((url) => url.includes('{traceId}'), 'expected {traceId} in it')
    .optional()
    .meta({ example: 'https://jaeger.shop.example/trace/{traceId}' })
    .describe('A page of your tracing system, for links to the trace of an order.'),
  TRACE_VIEWER_URL: httpUrl
    .optional()
    .describe('Development only: the trace viewer that `npm start` brings up.'),
  DEVELOPMENT_URL: httpUrl
    .optional()
    .describe('Development only: where `npm start` lets the control room break things.'),
} satisfies Record<string, z.ZodType>;
