import { waitFor } from '../../../dev/wait';
import { startRedrive } from '../../../db/consumers/redrives';
import { GroupHarness } from './group-harness';

const TIMEOUT_MS = 25_000;
const KEYS = 20;

let group: GroupHarness;
let seen: Map<string, number[]>;
beforeEach(async () => {
  seen = new Map();
  group = await GroupHarness.open();
});
afterEach(() => group.close());

function note(key: string, n: number): void {
  seen.set(key, [...(seen.get(key) ?? []), n]);
}

async function publishRounds(rounds: number): Promise<void> {
  for (let n = 1; n <= rounds; n += 1) {
    for (let key = 0; key < KEYS; key += 1) {
      await group.publish(n, group.streams[key % 2], `key-of-${key}`);
    }
  }
}

async function untilSeen(howMany: number): Promise<void> {
  await waitFor(`${howMany} events`, TIMEOUT_MS, () => {
    const total = [...seen.values()].reduce((sum, list) => sum + list.length, 0);
    return total >= howMany || undefined;
  });
}

function inOrder(rounds: number): number[] {
  return Array.from({ length: rounds }, (_, n) => n + 1);
}

test('each key keeps its order while other keys are handled beside it', async () => {
  await group.start('a', {
    react: async ({ partitionkey, data }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      note(partitionkey, data.n);
    },
  });
  await publishRounds(10);
  await untilSeen(10 * KEYS);
  for (const list of seen.values()) expect(list).toEqual(inOrder(10));
});

test('each key keeps its order where one in five attempts fails', async () => {
  await group.start('a', {
    react: ({ partitionkey, data }) => {
      if (Math.random() < 0.2) return Promise.reject(new Error('one in five'));
      note(partitionkey, data.n);
      return Promise.resolve();
    },
    running: { retry: { immediateMs: [1], delaysMs: Array.from({ length: 20 }, () => 20) } },
  });
  await publishRounds(8);
  await untilSeen(8 * KEYS);
  for (const list of seen.values()) expect(list).toEqual(inOrder(8));
}, 40_000);

test('each key keeps its order while partitions move between members', async () => {
  const react = async ({ partitionkey, data }: { partitionkey: string; data: { n: number } }) => {
    await new Promise((resolve) => setTimeout(resolve, 3));
    note(partitionkey, data.n);
  };
  const first = await group.start('a', { react });
  const publishing = publishRounds(15);
  await group.start('b', { react });
  await untilSeen(4 * KEYS);
  await first.stop();
  await publishing;
  await untilSeen(15 * KEYS);
  for (const list of seen.values()) expect(list).toEqual(inOrder(15));
});

test('each key keeps its order where events share a transaction', async () => {
  await publishRounds(10);
  await group.start('a', {
    react: ({ partitionkey, data }) => {
      note(partitionkey, data.n);
      return Promise.resolve();
    },
    running: { batchSize: 25 },
  });
  await untilSeen(10 * KEYS);
  for (const list of seen.values()) expect(list).toEqual(inOrder(10));
});

test('later events of a key wait for one of their batch that is parked', async () => {
  for (const n of [1, 2, 3]) await group.publish(n, group.streams[0], 'one');
  let isBroken = true;
  await group.start('a', {
    react: ({ partitionkey, data }) => {
      if (isBroken && data.n === 1) return Promise.reject(new Error('broken'));
      note(partitionkey, data.n);
      return Promise.resolve();
    },
    running: { batchSize: 10, retry: { immediateMs: [], delaysMs: [500, 500, 500, 500] } },
  });
  await waitFor(
    'them to be parked',
    TIMEOUT_MS,
    async () =>
      (await group.db.selectFrom('parked').select('parked_id').execute()).length >= 3 || undefined,
  );
  isBroken = false;
  await untilSeen(3);
  expect(seen.get('one')).toEqual([1, 2, 3]);
});

test('what is redriven of one key comes in its order', async () => {
  let isBroken = true;
  await group.start('a', {
    react: ({ partitionkey, data }) => {
      if (isBroken) return Promise.reject(new Error('broken'));
      note(partitionkey, data.n);
      return Promise.resolve();
    },
    running: { retry: { immediateMs: [], delaysMs: [] } },
  });
  for (const n of inOrder(6)) await group.publish(n, group.streams[0], 'one');
  await waitFor('six dead letters', TIMEOUT_MS, async () =>
    (await group.db.selectFrom('dead_letters').select('key').execute()).length === 6
      ? true
      : undefined,
  );
  isBroken = false;
  await startRedrive(group.db, {
    ...{ filter: {}, limit: 10, ratePerSecond: 100, hasCanary: true, startedBy: 'me' },
  });
  await untilSeen(6);
  expect(seen.get('one')).toEqual(inOrder(6));
});
