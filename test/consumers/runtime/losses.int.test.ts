import { waitFor } from '../../../dev/wait';
import type { ReadArchive } from '../../../consumers/runtime/replay-loop';
import { eventOf, GroupHarness } from './group-harness';

const TIMEOUT_MS = 15_000;

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

/** The archive has 1 to 6, all in the first stream. */
const readArchive: ReadArchive = ({ stream, after }) =>
  Promise.resolve(
    [1, 2, 3, 4, 5, 6]
      .filter((n) => stream === group.streams[0] && n > Number(after || 0))
      .map((n) => {
        const event = eventOf(n);
        const { id, type, partitionkey: key } = event;
        return { id, type, key, body: JSON.stringify(event), streamId: null, cursor: String(n) };
      }),
  );

async function waitForAllSix(): Promise<void> {
  await waitFor('all effects', TIMEOUT_MS, async () =>
    (await group.effects()).length >= 6 ? true : undefined,
  );
  expect(await group.effects()).toEqual([1, 2, 3, 4, 5, 6]);
}

async function losses() {
  return group.db.selectFrom('losses').select(['stream', 'first_id', 'last_id']).execute();
}

test('records what was trimmed unread as a loss, and handles it from the archive', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  for (const n of [1, 2]) await group.publish(n, stream);
  await waitFor('the first two', TIMEOUT_MS, async () =>
    (await group.effects()).length === 2 ? true : undefined,
  );
  await member.stop();
  for (const n of [3, 4, 5]) await group.publish(n, stream);
  const last = await group.publish(6, stream);
  await group.redis.sendCommand(['XTRIM', stream, 'MINID', last]);
  await group.start('b', { readArchive });
  await waitForAllSix();
  await waitFor('the record', TIMEOUT_MS, async () =>
    (await losses()).length > 0 ? true : undefined,
  );
  expect(await losses()).toMatchObject([{ stream, last_id: last }]);
});

test('records what was trimmed while pending as a loss, and handles it from the archive', async () => {
  const [stream] = group.streams as [string];
  for (const n of [1, 2, 3, 4, 5, 6]) await group.publish(n, stream);
  await group.giveAll('dead');
  await group.redis.xTrim(stream, 'MAXLEN', 2);
  await group.start('a', { readArchive });
  await waitForAllSix();
  expect((await losses()).length).toBe(1);
});

test('takes what it has handled and was trimmed for no loss', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  for (const n of [1, 2, 3, 4, 5]) await group.publish(n, stream);
  await waitFor('the effects', TIMEOUT_MS, async () =>
    (await group.effects()).length === 5 ? true : undefined,
  );
  await member.stop();
  await group.redis.xTrim(stream, 'MAXLEN', 1);
  await group.start('b', { readArchive });
  await group.publish(6, stream);
  await waitForAllSix();
  expect(await losses()).toEqual([]);
});
