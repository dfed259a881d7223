import type { Kysely } from 'kysely';
import type { Effect } from '../../consumers/runtime/consumer';
import { eventId, type AnyEventContract, type EventContract } from '../../events/envelope';
import type { AnyConsumer } from '../../workers/consumer-registry';
import { createTestDatabase, type TestDatabase } from '../jest/database';

/** What an event of a test says beyond its data. */
interface Circumstances {
  readonly time?: string;
  readonly occurrence?: number;
  readonly isReplay?: boolean;
  readonly tenant?: string;
}

/** A follow-up event that a reaction published. */
interface Published {
  readonly contract: AnyEventContract;
  readonly subject: string;
  readonly data: unknown;
}

/** The reactions of a consumer on a database of their own, in the consumer's role. */
export class ConsumerHarness<Schema> {
  readonly published: Published[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly db: Kysely<Schema>,
    private readonly behaviour: ReturnType<AnyConsumer['create']>,
  ) {}

  static async open<Schema>(
    consumer: unknown,
    settings: unknown = {},
    database?: TestDatabase,
  ): Promise<ConsumerHarness<Schema>> {
    const { group, create, settings: schema } = consumer as AnyConsumer;
    database ??= await createTestDatabase();
    const db = database.connect<Schema>({ role: `tandem_${group}`, searchPath: group });
    return new ConsumerHarness(database, db, create(schema.parse(settings)));
  }

  /** Lets the consumer react to an event about an order, in one transaction. */
  async tell<Data extends { orderId: string }>(
    contract: EventContract<string, Data>,
    data: Data,
    circumstances: Circumstances = {},
  ): Promise<Effect | void> {
    const { time = '2026-01-01T10:00:00Z', occurrence = 1, isReplay = false } = circumstances;
    const reaction = this.behaviour.reactions.find((one) => one.contract.type === contract.type)!;
    const { orderId } = data;
    const event = {
      ...{
        specversion: '1.0' as const,
        id: eventId(contract, orderId, occurrence),
        source: '/test',
      },
      ...{ type: contract.type, subject: orderId, partitionkey: orderId, correlationid: orderId },
      ...{ datacontenttype: 'application/json' as const, sequence: '0000000001', time },
      ...(circumstances.tenant === undefined ? {} : { tenant: circumstances.tenant }),
      data: contract.dataSchema.parse(data),
    };
    return this.db.transaction().execute((tx) =>
      reaction.react(event, {
        ...{ tx: tx as never, attempt: 1, isReplay },
        signal: new AbortController().signal,
        publish: (followUp, { subject, data: said }) => {
          this.published.push({ contract: followUp, subject, data: said });
          return Promise.resolve();
        },
      }),
    );
  }

  /** One round of each of its tasks. */
  async work(): Promise<void> {
    const { signal } = new AbortController();
    for (const { run } of this.behaviour.tasks ?? []) await run(this.db as never, signal);
  }

  async close(): Promise<void> {
    await this.behaviour.close?.();
    await this.database.close();
  }
}

/** The facts of an order of a test. */
export function orderFacts(orderId: string, totalMinor = 1_000, customerId = 'cus_1') {
  return { orderId, customerId, currency: 'EUR', totalMinor, sealed: 'sealed' };
}
