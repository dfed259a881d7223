import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from '../../api/app';
import { listenToOutcomes, type Outcomes } from '../../api/outcomes';
import { createSealer } from '../../events/sealing';
import { createTestDatabase, type TestDatabase } from '../jest/database';

/** The second one replaces the first. */
export const WEBHOOK_SECRETS = ['whsec_old', 'whsec_new'];

/** With it the contacts and the secrets of webhook endpoints are sealed. */
const SEALING_KEY = { id: 'test', secret: Buffer.alloc(32).toString('base64url') };

/** The API on a database of its own; nobody starts sagas. */
export class ApiHarness {
  private constructor(
    readonly database: TestDatabase,
    private readonly server: Server,
    private readonly outcomes: Outcomes,
  ) {}

  static async open(): Promise<ApiHarness> {
    const database = await createTestDatabase();
    const logger = pino({ level: 'silent' });
    const outcomes = listenToOutcomes({
      url: database.url,
      applicationName: 'test',
      onError: () => undefined,
    });
    const failing = () => Promise.resolve([]);
    const answer = createApp({
      ...{ db: database.db, outcomes, logger, failing },
      webhookSecrets: WEBHOOK_SECRETS,
      sealer: createSealer([SEALING_KEY]),
      targetPolicy: { isLoopbackAllowed: false },
    }).callback();
    const server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ApiHarness(database, server, outcomes);
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const { port } = this.server.address() as AddressInfo;
    return fetch(`http://127.0.0.1:${port}${path}`, init);
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

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.outcomes.close();
    await this.database.close();
  }
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
