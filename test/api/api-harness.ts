import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { pino, type Logger } from 'pino';
import { makeApiKey } from '../../api/callers/api-key';
import { SCOPES, type Scope } from '../../api/callers/scopes';
import { drain, listen } from '../../api/http/server';
import { createService, type Service, type ServiceOptions } from '../../api/service';
import { Groups } from '../../consumers/admin/groups';
import { saveApiKey } from '../../db/api-keys';
import { createSealer } from '../../events/sealing';
import { createOperator } from '../../ops/operator';
import { createLink } from '../../platform/redis';
import type { RedisLink } from '../../platform/redis-link';
import { createBroker } from '../../platform/redis-broker';
import { streamAccess } from '../../platform/redis-scripts';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { flawsOf } from '../../dev/contract/check-answer';

/** The second one replaces the first. */
export const WEBHOOK_SECRETS = ['whsec_old', 'whsec_new'];

/** With it the contacts and the secrets of webhook endpoints are sealed. */
const SEALING_KEY = { id: 'test', secret: Buffer.alloc(32).toString('base64url') };
/** More than a test sends. */
const LIMITLESS = 10_000_000;
const DRAIN_MS = 2_000;

/** Whose key, and for what. */
export interface KeyFacts {
  readonly tenant?: string;
  readonly customerId?: string;
  readonly scopes?: readonly Scope[];
  readonly expiresAt?: Date;
}

/** What of the API a test sets. */
export type HarnessOptions = Partial<ServiceOptions>;

/** The API on a database of its own; nobody starts sagas. Every answer is held against the document. */
export class ApiHarness {
  #isClosed = false;

  private constructor(
    readonly database: TestDatabase,
    readonly service: Service,
    private readonly opened: { readonly redis: RedisLink; readonly groups: Groups },
    /** A key of the tenant `shop` for everything. */
    readonly key: string,
  ) {}

  static async open(options: HarnessOptions = {}, shared?: TestDatabase): Promise<ApiHarness> {
    const database = shared ?? (await createTestDatabase());
    const redis = await openRedis();
    const operating = operatorOf(database, redis);
    const service = createService({
      ...{ db: database.db, operator: operating.operator },
      room: { temporalUi: undefined, development: undefined },
      database: { url: database.url, applicationName: 'test', onError: () => undefined },
      redis: streamAccess(redis),
      logger: silent(),
      failing: () => Promise.resolve([]),
      webhookSecrets: WEBHOOK_SECRETS,
      sealer: createSealer([SEALING_KEY]),
      targetPolicy: { isLoopbackAllowed: false },
      rateLimits: {
        ...{ perCaller: LIMITLESS, perAddress: LIMITLESS, failuresPerAddress: LIMITLESS },
      },
      admission: { maxPending: LIMITLESS, maxWaitSeconds: LIMITLESS },
      corsOrigins: [],
      trustedProxies: 0,
      ...options,
    });
    await listen(service.server, 0, '127.0.0.1');
    const groups = operating.groups;
    return new ApiHarness(database, service, { redis, groups }, await makeKey(database, {}));
  }

  /** Lets another key in, and returns it. */
  async makeKey(facts: KeyFacts): Promise<string> {
    return makeKey(this.database, facts);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.service.server.address() as AddressInfo).port}`;
  }

  /** Sends a request with the key, unless it has another `Authorization`. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.key}`, ...init.headers };
    const response = await fetch(`${this.url}${path}`, { redirect: 'manual', ...init, headers });
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) return response;
    const text = await response.clone().text();
    const flaws = flawsOf(init.method ?? 'GET', path, { status: response.status, type, text });
    if (flaws.length > 0) throw new Error(`${init.method ?? 'GET'} ${path}: ${flaws.join('; ')}`);
    return response;
  }

  /** `POST /v1/orders` with this body, which may be anything. */
  async post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.request('/v1/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async countOrders(): Promise<number> {
    const rows = await this.database.db.selectFrom('orders.orders').select('order_id').execute();
    return rows.length;
  }

  /** Stops as the process does; `keepsDatabase` for one that others use. */
  async close({ keepsDatabase = false } = {}): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.service.beginToStop();
    await drain(this.service.server, DRAIN_MS);
    this.opened.redis.close();
    await this.opened.groups.close();
    if (!keepsDatabase) await this.database.close();
  }
}

function silent(): Logger {
  return pino({ level: 'silent' });
}

/** Temporal is asked in vain: nobody listens there. */
function operatorOf({ db, url }: TestDatabase, redis: RedisLink) {
  const groups = new Groups(url, 'test-operator');
  const link = { url: process.env['TEST_REDIS_URL']!, name: 'test', onError: () => undefined };
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const operator = createOperator({
    ...{ db, groups, lookingGroups: groups, broker: createBroker(redis, link) },
    client: new Client({ connection }),
    links: { temporalUi: undefined, trace: undefined, traceViewer: undefined },
    pingRedis: () => redis.sendToAll(['PING']),
    sagas: { taskQueue: 'orders', placementDeadlineSeconds: 900, reconcileWaitMs: 1_000 },
  });
  return { groups, operator };
}

async function openRedis(): Promise<RedisLink> {
  const redis = createLink({
    ...{ url: process.env['TEST_REDIS_URL']!, name: 'test', use: 'commands' },
    onError: () => undefined,
  });
  await redis.connect();
  return redis;
}

async function makeKey(database: TestDatabase, facts: KeyFacts): Promise<string> {
  const { id, key, secretHash } = makeApiKey();
  const saved = await saveApiKey(database.db, {
    ...{ id, secretHash, name: id, createdBy: 'test', tenant: facts.tenant ?? 'shop' },
    customerId: facts.customerId ?? null,
    scopes: facts.scopes ?? SCOPES,
    expiresAt: facts.expiresAt ?? null,
  });
  if (!saved) throw new Error('there are too many keys');
  return key;
}

/** The body of an order that can be placed. */
export function goodOrder() {
  return {
    customer: { id: 'cus_1', email: 'ada@example.com', name: 'Ada' },
    lines: [{ sku: 'TEA', quantity: 2 }],
    paymentMethod: 'pm_card_visa',
  };
}

/** What every problem looks like. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly errors?: { pointer: string; code: string; detail: string }[];
}
