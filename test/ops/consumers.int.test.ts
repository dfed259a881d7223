import { waitFor } from '../../dev/wait';
import { testRedisUrl } from '../jest/redis';
import { count, GroupHarness } from '../consumers/runtime/group-harness';
import { runOps, type Ended } from './run-ops';

const TIMEOUT_MS = 15_000;

let group: GroupHarness;
beforeAll(async () => {
  group = await GroupHarness.open();
  await group.start('a', {
    react: (event, context) =>
      event.data.n < 0 ? Promise.reject(new Error('negative')) : count(event, context),
    running: { retry: { immediateMs: [], delaysMs: [] } },
  });
  for (const n of [1, -1, -2]) await group.publish(n, group.streams[0], `key${n}`);
  await waitFor('two dead letters', TIMEOUT_MS, async () => {
    const dead = await group.db.selectFrom('dead_letters').select('dead_letter_id').execute();
    return dead.length === 2 ? true : undefined;
  });
});
afterAll(() => group.close());

function ops(...args: string[]): Promise<Ended> {
  return runOps({ DATABASE_URL: group.database.url, REDIS_URL: testRedisUrl() }, args);
}

async function json<Data>(...args: string[]): Promise<Data> {
  const { stdout, stderr } = await ops(...args, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Data;
}

test('lists the groups with their lag, parked and dead, for people and for programs', async () => {
  const { stdout } = await ops('consumers', 'list');
  expect(stdout).toMatch(/counter +running +1 +0 +0 +0 +2 +0/);
  const reports = await json<{ group: string; dead: number }[]>('consumers', 'list');
  expect(reports.find((report) => report.group === 'counter')).toMatchObject({
    group: 'counter',
    dead: 2,
    lagEntries: 0,
  });
});

test('shows the owner and the lag of each partition', async () => {
  const { stdout } = await ops('consumers', 'show', 'counter');
  for (const stream of group.streams) expect(stdout).toContain(`${stream}  a `);
});

test('changes nothing without --yes where nobody can be asked', async () => {
  const { code, stderr } = await ops('consumers', 'pause', 'counter', '--why', 'test');
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'Pause counter? Say --yes to do it.\n' });
  expect(await json('consumers', 'show', 'counter')).toMatchObject({ state: 'running' });
});

test('pauses a group, which begins nothing until it is resumed', async () => {
  await ops('consumers', 'pause', 'counter', '--why', 'a deploy', '--by', 'ann', '--yes');
  expect(await json('consumers', 'show', 'counter')).toMatchObject({
    ...{ state: 'paused', pausedBy: 'ann', pausedWhy: 'a deploy' },
  });
  await group.publish(2);
  expect((await ops('consumers', 'resume', 'counter', '--yes')).stdout).toBe('counter goes on\n');
  await waitFor('its effect', TIMEOUT_MS, async () =>
    (await group.effects()).includes(2) ? true : undefined,
  );
});

test('skips an event that has not come yet', async () => {
  const skip = ['consumers', 'skip', 'counter', 'key-4/Counted/1', '--why', 'a test', '--yes'];
  expect((await ops(...skip)).stderr).toContain('nobody has recorded');
  await ops(...skip, '--unseen');
  await group.publish(4);
  await group.publish(6);
  await waitFor('the one after it', TIMEOUT_MS, async () =>
    (await group.effects()).includes(6) ? true : undefined,
  );
  expect(await group.effects()).not.toContain(4);
});

test('counts in a dry run what a redrive would take, then redrives one with its result', async () => {
  const dry = await json('dead-letters', 'redrive', 'counter', '--all', '--dry-run');
  expect(dry).toEqual({ wouldRedrive: 2 });
  const [letter] = await json<{ deadLetterId: number; fingerprint: string }[]>(
    ...['dead-letters', 'list', 'counter'],
  );
  const one = String(letter!.deadLetterId);
  const redriven = await json('dead-letters', 'redrive', 'counter', one, '--wait', '--yes');
  expect(redriven).toMatchObject({ waiting: 0, deadAgain: 1, results: [{ result: 'dead' }] });
});

test('discards a dead letter with a reason, and only once', async () => {
  const [letter] = await json<{ deadLetterId: number }[]>('dead-letters', 'list', 'counter');
  const discard = () =>
    ops(
      ...['dead-letters', 'discard', 'counter', String(letter!.deadLetterId)],
      ...['--why', 'never valid', '--yes'],
    );
  expect((await discard()).code).toBe(0);
  expect(await discard()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already') as unknown,
  });
  const { stdout } = await ops('dead-letters', 'show', 'counter', String(letter!.deadLetterId));
  expect(stdout).toContain('never valid');
});

test('counts what a replay would read', async () => {
  expect(await json('replay', 'start', 'counter', '--dry-run')).toEqual({ wouldRead: {} });
});

test('does not forget a group that is at work', async () => {
  const { code, stderr } = await ops('consumers', 'forget', 'counter', '--yes');
  expect({ code, stderr }).toEqual({
    ...{ code: 1, stderr: 'counter is at work: stop its processes first\n' },
  });
});

test.each([
  [['consumers', 'show', 'nobody'], 1, 'there is no consumer group "nobody"; there are '],
  [['consumers', 'shwo'], 2, 'there is no "consumers shwo"'],
  [['consumers', 'show'], 2, 'consumers show takes GROUP'],
  [['consumers', 'list', '--nope'], 2, "Unknown option '--nope'"],
  [['dead-letters', 'show', 'counter', 'x'], 2, 'ID takes a number from 1'],
  [['dead-letters', 'redrive', 'counter'], 2, 'say which'],
  [['dead-letters', 'redrive', 'counter', '1', '--all'], 2, 'say which'],
  [['dead-letters', 'list', 'counter', '--state', 'lost'], 2, '--state takes dead'],
  [['replay', 'start', 'counter', '--from', 'yesterday', '--yes'], 2, '--from takes a time'],
])('says what is wrong with: %s', async (args, code, message) => {
  expect(await ops(...args)).toMatchObject({
    code,
    stderr: expect.stringContaining(message) as unknown,
  });
});

test.each([[[]], [['replay']], [['dead-letters', 'redrive']]])(
  'explains itself: %s --help',
  async (args) => {
    const { code, stdout } = await ops(...args, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run ops --');
  },
);

test('forgets a group that is gone, in the streams and among the registered', async () => {
  await group.stop();
  expect((await ops('consumers', 'forget', 'counter', '--yes')).stderr).toBe('');
  expect(await group.send(['XINFO', 'GROUPS', group.streams[0]!])).toEqual([]);
  const left = await json<{ group: string }[]>('consumers', 'list');
  expect(left.map((report) => report.group)).not.toContain('counter');
});
