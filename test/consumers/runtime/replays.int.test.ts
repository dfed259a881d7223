import { waitFor } from '../../../dev/wait';
import {
  cancelReplay,
  listReplays,
  startRebuild,
  startReplay,
} from '../../../db/consumers/replays';
import type { ReadArchive } from '../../../consumers/runtime/replay-loop';
import { NeverRetry } from '../../../consumers/runtime/errors';
import { channelOf } from '../../../consumers/runtime/group-options';
import { pauseGroup, resumeGroup } from '../../../db/consumers/group-status';
import { redriveResults, startRedrive } from '../../../db/consumers/redrives';
import { count, GroupHarness } from './group-harness';

const TIMEOUT_MS = 15_000;
const FILL = { mode: 'fill', holdsLive: false, startedBy: 'me' } as const;

let group: GroupHarness;
let archive: number[];
beforeEach(async () => {
  group = await GroupHarness.open();
  archive = [1, 2, 3, 4, 5, 6];
});
afterEach(() => group.close());

const readArchive: ReadArchive = (query) => group.archiveOf(() => archive)(query);

async function untilDone(): Promise<void> {
  await waitFor('the replay to be done', TIMEOUT_MS, async () =>
    (await listReplays(group.db, 1))[0]?.state === 'done' ? true : undefined,
  );
}

test('fills in what a group has not handled, and nothing twice', async () => {
  await group.start('a', { readArchive });
  for (const n of [5, 6]) await group.publish(n);
  await group.expectEffects([5, 6]);
  await startReplay(group.db, FILL);
  await untilDone();
  expect(await group.effects()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('lets the handler know that an event is old', async () => {
  const replayed = new Map<number, boolean>();
  await group.start('a', {
    readArchive,
    react: (event, context) => {
      replayed.set(event.data.n, context.isReplay);
      return count(event, context);
    },
  });
  await group.publish(8);
  await group.expectEffects([8]);
  await startReplay(group.db, FILL);
  await untilDone();
  expect([replayed.get(8), replayed.get(1)]).toEqual([false, true]);
});

test('reads all there ever was before it goes on live, where a new group asks for it', async () => {
  const order: number[] = [];
  for (const n of [8, 10]) await group.publish(n, group.streams[0]);
  await group.start('a', {
    readArchive,
    running: { history: 'all' },
    react: (event, context) => {
      if (event.data.n % 2 === 0) order.push(event.data.n);
      return count(event, context);
    },
  });
  await group.expectEffects([1, 2, 3, 4, 5, 6, 8, 10]);
  const [old, live] = [order.slice(0, 3), order.slice(3)].map((part) => new Set(part));
  expect([old, live]).toEqual([new Set([2, 4, 6]), new Set([8, 10])]);
  await untilDone();
});

test('backfills once, however many members start', async () => {
  const running = { history: 'all' } as const;
  await Promise.all([
    group.start('a', { readArchive, running }),
    group.start('b', { readArchive, running }),
  ]);
  await group.expectEffects([1, 2, 3, 4, 5, 6]);
  expect(await listReplays(group.db, 10)).toHaveLength(1);
});

test('goes on where it was when another member takes over', async () => {
  const first = await group.start('a', { readArchive });
  await group.publish(8);
  await group.expectEffects([8]);
  await startReplay(group.db, { ...FILL, ratePerSecond: 20 });
  await waitFor('a part of it', TIMEOUT_MS, async () =>
    (await listReplays(group.db, 1))[0]!.read > 0 ? true : undefined,
  );
  await first.stop();
  await group.start('b', { readArchive });
  await untilDone();
  expect(await group.effects()).toEqual([1, 2, 3, 4, 5, 6, 8]);
  expect((await listReplays(group.db, 1))[0]!.read).toBeLessThanOrEqual(archive.length + 2);
});

test('ends where it stands when it is cancelled', async () => {
  await group.start('a', { readArchive });
  await group.publish(8);
  await group.expectEffects([8]);
  const replayId = await startReplay(group.db, { ...FILL, ratePerSecond: 1 });
  await waitFor('a part of it', TIMEOUT_MS, async () =>
    (await listReplays(group.db, 1))[0]!.read > 0 ? true : undefined,
  );
  expect(await cancelReplay(group.db, replayId)).toBe(true);
  expect((await group.effects()).length).toBeLessThan(7);
  expect(await cancelReplay(group.db, replayId)).toBe(false);
});

test('makes a projection anew from all events, each once, while new ones come', async () => {
  await group.start('a', { readArchive });
  for (const n of archive) await group.publish(n);
  await group.expectEffects([1, 2, 3, 4, 5, 6]);
  await group.db.updateTable('effects').set({ n: 99 }).execute();
  await startRebuild(group.db, { projections: ['effects'], startedBy: 'me' });
  await group.publish(7);
  await untilDone();
  await group.expectEffects([1, 2, 3, 4, 5, 6, 7]);
});

/** Events of one key, and what was seen of them. */
function oneKey(size: number) {
  const all = Array.from({ length: size }, (_, n) => n + 1);
  const seen: number[] = [];
  const stream = group.streams[0]!;
  const options = {
    readArchive: group.archiveOf(
      () => all,
      () => stream,
      'one',
    ),
    react: async ({ data }: { data: { n: number } }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      seen.push(data.n);
    },
  };
  return { all, seen, stream, options };
}

test('a pause in the middle of a rebuild lets nothing live pass the rest of it', async () => {
  const { all, seen, stream, options } = oneKey(300);
  await group.start('a', options);
  await group.publish(1, stream, 'one');
  await waitFor('the first', TIMEOUT_MS, () => seen.length > 0 || undefined);
  await startRebuild(group.db, { projections: ['effects'], startedBy: 'me' });
  await waitFor('a part', TIMEOUT_MS, () => seen.length > 20 || undefined);
  const channel = channelOf('counter');
  await pauseGroup(group.db, { channel, by: 'me', why: 'test' });
  await group.publish(301, stream, 'one');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await resumeGroup(group.db, channel);
  await waitFor('all', TIMEOUT_MS, () => seen.includes(301) || undefined);
  expect(seen.slice(1)).toEqual([...all, 301]);
}, 40_000);

test('a rebuild ends the replays that were under way, and begins at the beginning', async () => {
  const { all, seen, stream, options } = oneKey(300);
  await group.start('a', options);
  await group.publish(300, stream, 'one');
  await waitFor('the last', TIMEOUT_MS, () => seen.length > 0 || undefined);
  await startRebuild(group.db, { projections: ['effects'], startedBy: 'me' });
  await waitFor('a part', TIMEOUT_MS, () => seen.length > 220 || undefined);
  seen.length = 0;
  await startRebuild(group.db, { projections: ['effects'], startedBy: 'me' });
  await waitFor('all', TIMEOUT_MS, () => seen.includes(300) || undefined);
  expect(seen.slice(seen.indexOf(1))).toEqual(all);
}, 40_000);

test('a rebuild leaves dead letters that were being redriven dead, for another redrive', async () => {
  await group.start('a', { readArchive, react: () => Promise.reject(new NeverRetry('poison')) });
  await group.publish(2);
  const states = async () => {
    const rows = await group.db.selectFrom('dead_letters').select('state').execute();
    return rows.map(({ state }) => state);
  };
  await waitFor(
    'it to be given up',
    TIMEOUT_MS,
    async () => (await states()).includes('dead') || undefined,
  );
  const channel = channelOf('counter');
  await pauseGroup(group.db, { channel, by: 'me', why: 'test' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const redriveId = await startRedrive(group.db, {
    ...{ filter: {}, limit: 10, ratePerSecond: 1, hasCanary: false, startedBy: 'me' },
  });
  expect(await states()).toContain('redriving');
  await startRebuild(group.db, { projections: ['effects'], startedBy: 'me' });
  expect(new Set(await states())).toEqual(new Set(['dead']));
  const results = await redriveResults(group.db, redriveId!, 10);
  expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['not tried']));
});

test('an event of the archive that ends its processes is given up like any other', async () => {
  await group.start('a', { readArchive: group.archiveOf(() => []) });
  await group.publish(8);
  await group.expectEffects([8]);
  await group.stop();
  await startReplay(group.db, FILL);
  // As if processes had ended in the middle of the page, and of this event before.
  await group.db.updateTable('replay_cursors').set({ begun: 3 }).execute();
  await group.db
    .insertInto('crash_counts')
    .values({ stream: group.streams[0]!, entry_id: 'archive 4', starts: 3 })
    .execute();
  await group.start('b', { readArchive });
  await untilDone();
  expect(await group.effects()).toEqual([1, 2, 3, 5, 6, 8]);
  const dead = await group.db.selectFrom('dead_letters').select(['reason', 'event_id']).execute();
  expect(dead).toEqual([{ reason: 'crashes_exhausted', event_id: 'key-4/Counted/1' }]);
});
