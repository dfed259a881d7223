import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineConsumer, on, type Behaviour, type Running } from '../../consumers/runtime/consumer';
import { defineEvent } from '../../events/envelope';

const FAILING_SHARE = 0.2;
const MAX_WORK_MS = 4;

/** The event of the soak. */
export const Soaked = defineEvent(
  'Soaked',
  'soak.soaked.v1',
  z.looseObject({ n: z.int(), isPoison: z.boolean() }),
);

interface SoakSchema {
  effects: { event_id: string; key: string; sequence: number };
}

/** More at once than fail by chance; soon over for what always fails. */
const RETRY = { immediateMs: [2, 5], delaysMs: [20, 50, 100, 200, 400, 800, 1_600, 3_200] };

function soaking(group: string, running: Running) {
  return defineConsumer({
    ...running,
    group,
    retry: RETRY,
    settings: z.object({ SOAK_MENDED: z.stringbool().default(false) }),
    migrations: {
      // No key but the place: an effect that is there twice must show.
      '0001_effects': `
        create table effects (
          place bigint generated always as identity primary key,
          event_id text not null, key text not null, sequence integer not null)`,
    },
    create: ({ SOAK_MENDED }): Behaviour<SoakSchema> => ({
      reactions: [
        on(Soaked, async ({ id, partitionkey: key, sequence, data }, { tx }) => {
          await sleep(Math.random() * MAX_WORK_MS);
          const effect = { event_id: id, key, sequence: Number(sequence) };
          await tx.insertInto('effects').values(effect).execute();
          if (SOAK_MENDED) return;
          if (data.isPoison) throw new Error('poison');
          if (Math.random() < FAILING_SHARE) throw new Error('by chance');
        }),
      ],
    }),
  });
}

/** Groups that are run in different ways. */
export const GROUPS = {
  soak_one_by_one: soaking('soak_one_by_one', { concurrency: 4 }),
  soak_wide: soaking('soak_wide', { concurrency: 16 }),
  soak_together: soaking('soak_together', { batchSize: 10 }),
  soak_from_the_first: soaking('soak_from_the_first', { history: 'all' }),
};
/** One of them. */
export type SoakGroup = keyof typeof GROUPS;
/** All of them. */
export const GROUP_NAMES = Object.keys(GROUPS) as SoakGroup[];
