import { waitFor } from '../../../dev/wait';
import type { ReadArchive } from '../../../consumers/runtime/replay-loop';
import { GroupHarness } from './group-harness';

const TIMEOUT_MS = 15_000;

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

const ALL = [1, 2, 3, 4, 5, 6];

/** The archive has all, in the first stream. */
const readArchive: ReadArchive = (query) =>
  group.archiveOf(
    () => ALL,
    () => group.streams[0]!,
  )(query);

async function losses() {
  return group.db.selectFrom('losses').select(['stream', 'first_id', 'last_id']).execute();
}

test('records what was trimmed unread as a loss, and handles it from the archive', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  for (const n of [1, 2]) await group.publish(n, stream);
  await group.expectEffects([1, 2]);
  await member.stop();
  for (const n of [3, 4, 5]) await group.publish(n, stream);
  const last = await group.publish(6, stream);
  await group.send(['XTRIM', stream, 'MINID', last]);
  await group.start('b', { readArchive });
  await group.expectEffects(ALL);
  await waitFor('the record', TIMEOUT_MS, async () =>
    (await losses()).length > 0 ? true : undefined,
  );
  expect(await losses()).toMatchObject([{ stream, last_id: last }]);
});

test('records what was trimmed while pending as a loss, and handles it from the archive', async () => {
  const [stream] = group.streams as [string];
  for (const n of ALL) await group.publish(n, stream);
  await group.giveAll('dead');
  await group.send(['XTRIM', stream, 'MAXLEN', '2']);
  await group.start('a', { readArchive });
  await group.expectEffects(ALL);
  expect((await losses()).length).toBe(1);
});

test('takes what it has handled and was trimmed for no loss', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  for (const n of [1, 2, 3, 4, 5]) await group.publish(n, stream);
  await group.expectEffects([1, 2, 3, 4, 5]);
  await member.stop();
  await group.send(['XTRIM', stream, 'MAXLEN', '1']);
  await group.start('b', { readArchive });
  await group.publish(6, stream);
  await group.expectEffects(ALL);
  expect(await losses()).toEqual([]);
});
