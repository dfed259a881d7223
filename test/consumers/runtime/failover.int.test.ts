import { scratchFolder, type ScratchFolder } from '../../../dev/scratch-folder';
import { Processes } from '../../../dev/processes';
import { waitFor } from '../../../dev/wait';
import { startRedisSentinel, type SentinelSetup } from '../../jest/redis-sentinel';
import { GroupHarness } from './group-harness';

const TIMEOUT_MS = 20_000;

let folder: ScratchFolder;
let processes: Processes;
let servers: SentinelSetup;
let group: GroupHarness;
/** What the archive has. */
const published: number[] = [];
beforeEach(async () => {
  published.length = 0;
  folder = scratchFolder('tandem-failover-');
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
