import { z } from 'zod';
import { apiSettings } from './api-settings';
import { list } from './list-setting';
import { parseRedisUrl } from './redis-url';
import { roomSettings } from './room-settings';

/** More than the reconciler looks back: it would publish again what was trimmed. */
export const MIN_EVENT_RETENTION_HOURS = 25;

/** No deadline may be longer: the saga's steps give up after a day. */
const MAX_PLACEMENT_DEADLINE_SECONDS = 24 * 60 * 60;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'expected a port number')
  .transform(Number)
  .pipe(z.number().max(65_535));

/**
 * Every setting there is, by the name of its environment variable. A process takes those it needs;
 * `.env.example` is generated from here. Temporal's own (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
 * `TEMPORAL_API_KEY`, `TEMPORAL_TLS_*`, …) are read by its SDK: see @temporalio/envconfig.
 */
export const settings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ example: 'postgresql://user:password@127.0.0.1:5432/tandem' })
    .describe('PostgreSQL, the system of record.'),
  REDIS_URL: z
    .string()
    .refine((url) => parseRedisUrl(url) !== undefined, 'expected redis://host, see .env.example')
    .meta({ example: 'redis://127.0.0.1:6379' })
    .describe(
      'Redis 7.0 or newer, with maxmemory-policy noeviction; or redis+sentinel://host,host/master, or redis+cluster://host,host.',
    ),
  TEMPORAL_TASK_QUEUE: z
    .string()
    .min(1)
    .default('orders')
    .describe('The task queue between the API and the saga workers.'),
  WORKER_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]{1,64}:[\w.-]{1,64}$/, 'expected name:build')
    .optional()
    .describe('Name and build id for Worker Deployment versioning. Not versioned if unset.'),
  STRIPE_API_KEY: z
    .string()
    .min(1)
    .meta({ example: 'sk_test_...' })
    .describe('Secret key of the Stripe account.'),
  STRIPE_API_BASE: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).pathname === '/', 'expected no path')
    .optional()
    .describe("Another server that speaks Stripe's API (our simulator). Stripe itself if unset."),
  STRIPE_WEBHOOK_SECRETS: list
    .meta({ example: 'whsec_...' })
    .describe('Secrets of the webhook endpoint, two while rotating. No endpoint if empty.'),
  EVENT_SEALING_KEYS: z
    .string()
    .min(1)
    .meta({ example: '2026-11:<32 bytes in base64url>' })
    .describe('Keys for personal data in events, id:secret,…; the first seals, all open.'),
  WEBHOOKS_ALLOW_LOOPBACK: z
    .stringbool()
    .default(false)
    .describe('Development only: webhooks may go to this machine, and there without TLS.'),
  PLACEMENT_DEADLINE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PLACEMENT_DEADLINE_SECONDS)
    .default(900)
    .describe('After this long without a confirmation an order fails and is undone.'),
  NODE_ENV: z
    .string()
    .default('development')
    .describe('With `production` a process refuses to start on settings that are unsafe there.'),
  API_HOST: z.string().min(1).default('127.0.0.1').describe('Address on which the API listens.'),
  API_PORT: port.default(3_000).describe('Port of the API; 0 takes a free one.'),
  ...apiSettings,
  ...roomSettings,
  TANDEM_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:3000')
    .describe('Where the commands of `npm run ops` find the API.'),
  TANDEM_API_KEY: z
    .string()
    .min(1)
    .optional()
    .meta({ example: 'tdm_...' })
    .describe('The API key of the commands of `npm run ops`.'),
  HEALTH_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe("Inner address of a process's /livez, /readyz and /metrics."),
  HEALTH_PORT: port.default(0).describe('Port of them; 0: a free one.'),
  CONSUMER_GROUPS: list.describe(
    'Consumer groups that a consumer-worker runs, comma-separated; all if empty.',
  ),
  CONSUMER_LEASE_SECONDS: z.coerce
    .number()
    .min(2)
    .max(300)
    .default(10)
    .describe('A consumer process not heard of for so long is taken over; a reaction has half.'),
  EVENT_RETENTION_HOURS: z.coerce
    .number()
    .min(MIN_EVENT_RETENTION_HOURS)
    .max(24 * 366)
    .default(24 * 7)
    .describe(
      'Events older than this leave the streams, once every consumer group has settled them.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Log lines below this level are left out.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe('An OTLP/HTTP collector. Nothing is exported if unset.'),
} satisfies Record<string, z.ZodType>;
