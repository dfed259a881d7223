import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { createDatabase, type Database } from '../../db/database';
import { stockProduct } from '../../dev/catalogue';
import {
  delayAnswers,
  fetchIntents,
  planFaults,
  type KnownIntent,
} from '../../dev/payment-simulator/client';
import { postOrder } from '../../dev/post-order';
import type { Service } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { createRedis, type Redis } from '../../platform/redis';
import { orderSagaId } from '../../workflows/messages';

const SETTLE_TIMEOUT_MS = 60_000;

/** An order as the API tells it. */
export interface OrderBody {
  readonly id: string;
  readonly status: string;
  readonly paymentStatus: string;
  readonly outcomeCode: string | null;
}

/** The running system of the suite, from outside. */
export class Stack {
  readonly folder = process.env['TEST_FOLDER']!;
  readonly apiUrl = process.env['TEST_API_URL']!;
  readonly apiKey = process.env['TEST_API_KEY']!;
  readonly paymentsUrl = process.env['TEST_PAYMENTS_URL']!;

  private constructor(
    readonly db: Database,
    readonly redis: Redis,
    readonly temporal: Client,
  ) {}

  static async open(): Promise<Stack> {
    // As the owner of everything: a test looks into every schema.
    const db = createDatabase({
      url: process.env['TEST_DATABASE_URL']!,
      applicationName: 'test',
      onError: () => undefined,
    });
    const redis = createRedis({
      url: process.env['TEST_REDIS_URL']!,
      name: 'test',
      use: 'blocking',
      onError: () => undefined,
    });
    await redis.connect();
    const address = process.env['TEST_TEMPORAL_ADDRESS']!;
    return new Stack(db, redis, new Client({ connection: await Connection.connect({ address }) }));
  }

  /** What was put on the shelf by {@link stock}. */
  readonly initialStock = new Map<string, number>();

  /** Puts a product on the shelf. */
  async stock(sku: string, onHand: number): Promise<void> {
    await stockProduct(this.db, sku, onHand);
    this.initialStock.set(sku, onHand);
  }

  async close(): Promise<void> {
    this.redis.destroy();
    await this.db.destroy();
    await this.temporal.connection.close();
  }

  /** Posts an order for `quantity` of `sku`; what is left out is good. */
  async post(
    line: { sku: string; quantity?: number },
    more: {
      key?: string;
      waitSeconds?: number;
      paymentMethod?: string;
      customer?: { id: string; email: string; name?: string };
    } = {},
  ): Promise<Response> {
    const order = {
      customer: more.customer ?? { id: 'cus_e2e', email: 'e2e@example.com' },
      lines: [{ quantity: 1, ...line }],
      paymentMethod: more.paymentMethod ?? 'pm_card_visa',
    };
    const { key = randomUUID(), waitSeconds = 0 } = more;
    return postOrder({ url: this.apiUrl, apiKey: this.apiKey }, order, { key, waitSeconds });
  }

  /** Posts an order and returns what was answered. */
  async place(...order: Parameters<Stack['post']>): Promise<OrderBody> {
    return (await (await this.post(...order)).json()) as OrderBody;
  }

  /** Asks for an order to be called off. */
  async cancel(orderId: string, waitSeconds = 0): Promise<Response> {
    return this.request(`/v1/orders/${orderId}/cancel`, {
      method: 'POST',
      headers: waitSeconds ? { Prefer: `wait=${waitSeconds}` } : {},
    });
  }

  async order(orderId: string): Promise<OrderBody> {
    return (await (await this.request(`/v1/orders/${orderId}`)).json()) as OrderBody;
  }

  /** Asks the API, with the key of the suite. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.apiKey}`, ...init.headers };
    return fetch(`${this.apiUrl}${path}`, { ...init, headers });
  }

  /** The order, once its saga has ended. */
  async ended(orderId: string): Promise<OrderBody> {
    await this.sagaEnded(orderId);
    return this.order(orderId);
  }

  async sagaEnded(orderId: string): Promise<void> {
    await waitFor(`the saga of ${orderId} to end`, SETTLE_TIMEOUT_MS, async () => {
      const { status } = await this.temporal.workflow.getHandle(orderSagaId(orderId)).describe();
      return status.name === 'COMPLETED' ? true : undefined;
    });
  }

  /** The activity of the order's saga that is being tried now. */
  async startedActivity(orderId: string): Promise<string | undefined> {
    const { raw } = await this.temporal.workflow.getHandle(orderSagaId(orderId)).describe();
    const [pending] = raw.pendingActivities ?? [];
    return pending?.lastStartedTime ? (pending.activityType?.name ?? undefined) : undefined;
  }

  /** What the provider knows of this order. */
  async intents(orderId?: string): Promise<KnownIntent[]> {
    const intents = await fetchIntents(this.paymentsUrl);
    return intents.filter(({ metadata }) => !orderId || metadata.orderId === orderId);
  }

  async delayPayments(answerDelayMs: number): Promise<void> {
    await delayAnswers(this.paymentsUrl, answerDelayMs);
  }

  /** What goes wrong at the provider from now on. */
  async planFaults(rules: object[], seed = 1): Promise<void> {
    await planFaults(this.paymentsUrl, { seed, rules });
  }

  /** The mails about this order that have arrived. */
  async mailsAbout(orderId: string): Promise<unknown[]> {
    const response = await fetch(process.env['TEST_MAILS_URL']!);
    const mails = (await response.json()) as { subject: string }[];
    return mails.filter(({ subject }) => subject.includes(orderId));
  }

  /** How many events of these orders a group has handled. */
  async handled(group: string, orderIds: readonly string[]): Promise<number> {
    const ids = orderIds.map((orderId) => `${orderId}/OrderCreated/1`);
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(`${group}.inbox`)}
      where event_id = any (${ids})`.execute(this.db);
    return rows[0]!.count;
  }

  /** Waits until both consumers have handled these orders and their mails have arrived. */
  async reacted(orderIds: readonly string[]): Promise<void> {
    for (const group of ['loyalty', 'notification']) {
      await waitFor(`${group} to react`, SETTLE_TIMEOUT_MS, async () =>
        (await this.handled(group, orderIds)) === orderIds.length ? true : undefined,
      );
    }
    await waitFor('the mails', SETTLE_TIMEOUT_MS, async () => {
      const counts = await Promise.all(orderIds.map((orderId) => this.mailsAbout(orderId)));
      return counts.every((mails) => mails.length > 0) ? true : undefined;
    });
  }

  /** The process of this name now. */
  pidOf(name: Service | 'temporal' | 'redis'): number {
    const text = readFileSync(path.join(this.folder, 'processes.json'), 'utf8');
    const processes = JSON.parse(text) as { name: string; pid: number }[];
    return processes.find((started) => started.name === name)!.pid;
  }

  /** Kills a process as a crash would; it is started again by the suite, as by `npm start`. */
  async killAndAwaitRestart(name: Service): Promise<void> {
    const killed = this.pidOf(name);
    process.kill(killed, 'SIGKILL');
    await waitFor(`${name} to be started again`, SETTLE_TIMEOUT_MS, () =>
      this.pidOf(name) === killed ? undefined : true,
    );
  }

  /** What a process has logged. */
  log(name: string): string {
    return readFileSync(path.join(this.folder, 'logs', `${name}.log`), 'utf8');
  }
}
