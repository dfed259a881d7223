import { z } from 'zod';
import { defineConsumer, on, type Behaviour } from '../../consumers/runtime/consumer';
import { OrderCreated } from '../../events/order-events';

/** What shares a transaction where the consumer allows it. */
const BATCH = 250;
/** More than is usual, because nobody else is here: while one commits, others are handled. */
const AT_ONCE = 4;

interface EffectsSchema {
  effects: { event_id: string; order_id: string; total_minor: number };
}

const noop = defineConsumer({
  group: 'bench_noop',
  settings: z.object({}),
  batchSize: BATCH,
  concurrency: AT_ONCE,
  migrations: {},
  create: (): Behaviour<object> => ({
    reactions: [on(OrderCreated, () => Promise.resolve())],
  }),
});

const effects = defineConsumer({
  group: 'bench_effects',
  settings: z.object({}),
  batchSize: BATCH,
  concurrency: AT_ONCE,
  migrations: {
    '0001_effects': `
      create table effects (
        event_id text primary key, order_id text not null, total_minor bigint not null,
        handled_at timestamptz not null default clock_timestamp())`,
  },
  create: (): Behaviour<EffectsSchema> => ({
    reactions: [
      on(OrderCreated, async ({ id, data }, { tx }) => {
        const { orderId, totalMinor } = data;
        await tx
          .insertInto('effects')
          .values({ event_id: id, order_id: orderId, total_minor: totalMinor })
          .execute();
        return { counted: totalMinor };
      }),
    ],
  }),
});

/** The groups of the bench, by name. */
export const GROUPS = { bench_noop: noop, bench_effects: effects };
/** One of them. */
export type BenchGroup = keyof typeof GROUPS;
