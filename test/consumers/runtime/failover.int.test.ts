import type { ScratchFolder } from '../../../dev/scratch-folder';
import { Processes } from '../../../dev/processes';
import { waitFor } from '../../../dev/wait';
import { startRedisSentinel, type SentinelSetup } from '../../jest/redis-sentinel';
import { testFolder } from '../../jest/test-folder';
import { count, GroupHarness } from './group-harness';
import { expectReaderToEnd } from './reader-ends';

const TIMEOUT_MS = 20_000;
/** So long that nothing is found by looking again in between. */
const LONG_LEASE_MS = 30_000;

let folder: ScratchFolder;
let processes: Processes;
let servers: SentinelSetup;
let group: GroupHarness;
/** What the archive has. */
const published: number[] = [];
beforeEach(async () => {
  published.length = 0;
  folder = testFolder('failover');
  processes = new Processes(folder.path, () => undefined);
  servers = await startRedisSentinel(processes, folder.path);
  group = await GroupHarness.open(servers.url);
}, 60_000);
afterEach(async () => {
  await group.close();
  await processes.stopAll();
  folder.remove();
});

async function publish(n: number): Promise<void> {
  published.push(n);
  await waitFor('a master to take it', TIMEOUT_MS, () => group.publish(n));
}

test('a failover to a replica that lacks the last writes loses no event and doubles none', async () => {
  const options = { readArchive: group.archiveOf(() => published) };
  const member = await group.start('a', options);
  for (const n of [1, 2, 3, 4]) await publish(n);
  await group.expectEffects([1, 2, 3, 4]);
  await member.stop();
  await servers.cutReplica();
  for (const n of [5, 6]) await publish(n);
  await group.start('b', options);
  await group.expectEffects([1, 2, 3, 4, 5, 6]);
  for (const n of [7, 8]) await publish(n);
  await servers.failOver();
  for (const n of [9, 10]) await publish(n);
  await group.expectEffects(published);
}, 90_000);

test('what was lost in a failover is handled before what came after it', async () => {
  const seen: number[] = [];
  let release = () => undefined as void;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await group.start('a', {
    // There is room for 3 and 4: 5 and 6 are not read before they are lost.
    running: { concurrency: 1 },
    leaseMs: LONG_LEASE_MS,
    readArchive: group.archiveOf(() => published),
    react: async (event, context) => {
      if (event.data.n > 2) await isReleased;
      seen.push(event.data.n);
      return count(event, context);
    },
  });
  for (const n of [1, 2]) await publish(n);
  await group.expectEffects([1, 2]);
  await group.link.sendToAll(['WAIT', '1', '2000']);
  await servers.cutReplica();
  for (const n of [3, 4]) await publish(n);
  await waitFor('them to be read', TIMEOUT_MS, async () =>
    (await group.pending()) === 2 ? true : undefined,
  );
  for (const n of [5, 6]) await publish(n);
  await servers.failOver();
  for (const n of [7, 8]) await publish(n);
  release();
  await group.expectEffects(published);
  expect(seen.filter((n) => n % 2 === 1)).toEqual([1, 3, 5, 7]);
  expect(seen.filter((n) => n % 2 === 0)).toEqual([2, 4, 6, 8]);
}, 90_000);

test('a reader is over once its connection to the master is lost', async () => {
  await expectReaderToEnd(group, servers.url);
}, 90_000);

test('what nobody was given before a failover that lost it is handled all the same', async () => {
  const options = { readArchive: group.archiveOf(() => published) };
  const member = await group.start('a', options);
  await publish(1);
  await publish(2);
  await group.expectEffects([1, 2]);
  await member.stop();
  await servers.cutReplica();
  for (const n of [3, 4]) await publish(n);
  await servers.failOver();
  for (const n of [5, 6]) await publish(n);
  await group.start('b', options);
  await group.expectEffects([1, 2, 3, 4, 5, 6]);
}, 90_000);
