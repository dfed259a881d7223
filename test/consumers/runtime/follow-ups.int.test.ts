import { z } from 'zod';
import { waitFor } from '../../../dev/wait';
import type { React } from '../../../consumers/runtime/consumer';
import { defineEvent } from '../../../events/envelope';
import { count, GroupHarness, type CounterSchema } from './group-harness';

const TIMEOUT_MS = 15_000;
const Doubled = defineEvent('Doubled', 'test.doubled.v1', z.looseObject({ twice: z.number() }));

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

const react: React<{ n: number }, CounterSchema> = async (event, context) => {
  await context.publish(Doubled, { subject: event.subject, data: { twice: 2 * event.data.n } });
  return count(event, context);
};

/** The follow-up events in the first stream, in their order. */
async function published(): Promise<{ id: string; twice: number; causationid: string }[]> {
  const entries = (await group.send(['XRANGE', group.streams[0]!, '-', '+'])) as [
    string,
    string[],
  ][];
  return entries
    .map(([, fields]) => JSON.parse(fields[fields.indexOf('ce') + 1]!) as Envelope)
    .filter(({ type }) => type === Doubled.type)
    .map(({ id, data, causationid }) => ({ id, twice: data.twice, causationid }));
}

interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly causationid: string;
  readonly data: { readonly twice: number };
}

async function untilPublished(howMany: number) {
  return waitFor(`${howMany} follow-up events`, TIMEOUT_MS, async () => {
    const found = await published();
    return found.length >= howMany ? found : undefined;
  });
}

test('a follow-up event is published with the effect, and names its cause', async () => {
  await group.start('a', { react });
  await group.publish(2);
  expect(await untilPublished(1)).toEqual([
    { id: 'key-2/Doubled/1', twice: 4, causationid: 'key-2/Counted/1' },
  ]);
});

test('a failed attempt publishes nothing', async () => {
  await group.start('a', {
    react: async (event, context) => {
      await react(event, context);
      if (context.attempt < 3) throw new Error('after saying it');
    },
    running: { retry: { immediateMs: [1, 1] } },
  });
  await group.publish(2);
  await untilPublished(1);
  await group.expectEffects([2]);
  expect(await published()).toHaveLength(1);
});

test('follow-up events of a key are published in the order in which they were said', async () => {
  await group.start('a', { react });
  for (const n of [1, 2, 3, 4, 5]) await group.publish(n, group.streams[0], 'one');
  const found = await untilPublished(5);
  expect(found.map(({ twice }) => twice)).toEqual([2, 4, 6, 8, 10]);
  expect(found.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map((n) => `one/Doubled/${n}`));
});

test('a follow-up event that could not be appended is appended later, and those after it wait', async () => {
  let failures = 3;
  await group.start('a', {
    react,
    append: async ({ body }) => {
      if (failures-- > 0) throw new Error('Redis is away');
      return { streamId: await group.append(body) };
    },
  });
  for (const n of [1, 2, 3]) await group.publish(n, group.streams[0], 'one');
  const found = await untilPublished(3);
  expect(found.map(({ twice }) => twice)).toEqual([2, 4, 6]);
});

test('one whose append was answered by nobody is said again under the same id', async () => {
  let isLost = true;
  await group.start('a', {
    react,
    append: async ({ body }) => {
      const streamId = await group.append(body);
      if (isLost) {
        isLost = false;
        throw new Error('the answer was lost');
      }
      return { streamId };
    },
  });
  await group.publish(2);
  await waitFor('the outbox to be empty', TIMEOUT_MS, async () => {
    const open = await group.db.selectFrom('outbox').select('stream_id').execute();
    return open.length === 1 && open[0]!.stream_id !== null ? true : undefined;
  });
  expect(new Set((await published()).map(({ id }) => id))).toEqual(new Set(['key-2/Doubled/1']));
});

test('what the streams have lost of follow-up events is appended again', async () => {
  const appended: boolean[] = [];
  await group.start('a', {
    react,
    append: async ({ body }, { isLostAppendedAgain }) => {
      appended.push(isLostAppendedAgain);
      return { streamId: await group.append(body) };
    },
  });
  await group.publish(2);
  await untilPublished(1);
  await waitFor('the outbox to be empty', TIMEOUT_MS, async () => {
    const open = await group.db.selectFrom('outbox').select('stream_id').execute();
    return open[0]?.stream_id ? true : undefined;
  });
  await group.link.sendToAll(['FLUSHDB']);
  expect(await untilPublished(1)).toMatchObject([{ id: 'key-2/Doubled/1' }]);
  expect(appended).toContain(true);
});

test('an event that is published again says nothing a second time', async () => {
  await group.start('a', { react });
  await group.publish(2);
  await group.publish(2);
  await untilPublished(1);
  await group.publish(4);
  await group.expectEffects([2, 4]);
  expect(await untilPublished(2)).toHaveLength(2);
});
