import { skipOne } from '../../../db/consumers/group-status';
import { waitFor } from '../../../dev/wait';
import {
  cancelRedrive,
  redriveProgress,
  redriveResults,
  startRedrive,
} from '../../../db/consumers/redrives';
import { editDeadLetter, findDeadLetter } from '../../../db/consumers/dead-letter-list';
import { editedFields } from '../../../consumers/admin/edit';
import { count, eventOf, GroupHarness, type CounterSchema } from './group-harness';
import type { React } from '../../../consumers/runtime/consumer';

const TIMEOUT_MS = 15_000;
const NO_RETRY = { retry: { immediateMs: [], delaysMs: [] } };
const REQUEST = { filter: {}, limit: 100, ratePerSecond: 1_000, hasCanary: true, startedBy: 'me' };

let group: GroupHarness;
let broken: Set<number>;
beforeEach(async () => {
  group = await GroupHarness.open();
  broken = new Set([1, 2, 3, 4]);
});
afterEach(() => group.close());

const countUnlessBroken: React<{ n: number }, CounterSchema> = (event, context) =>
  broken.has(event.data.n) ? Promise.reject(new Error('broken')) : count(event, context);

async function startWithDead(): Promise<void> {
  await group.start('a', { react: countUnlessBroken, running: NO_RETRY });
  for (const n of [1, 2, 3, 4]) await group.publish(n);
  await waitFor('four dead letters', TIMEOUT_MS, async () =>
    (await states()).length === 4 ? true : undefined,
  );
}

async function states(): Promise<string[]> {
  const rows = await group.db.selectFrom('dead_letters').select('state').execute();
  return rows.map(({ state }) => state).sort();
}

async function untilOver(redriveId: number): Promise<string> {
  return waitFor('the redrive to be over', TIMEOUT_MS, async () => {
    const progress = await redriveProgress(group.db, redriveId);
    return progress && progress.waiting === 0 ? progress.state : undefined;
  });
}

test('handles all dead letters once the reaction is mended, and says so of each', async () => {
  await startWithDead();
  broken.clear();
  const redriveId = (await startRedrive(group.db, REQUEST))!;
  expect(await untilOver(redriveId)).toBe('done');
  expect(await group.effects()).toEqual([1, 2, 3, 4]);
  const results = await redriveResults(group.db, redriveId, 10);
  expect(results.map(({ result }) => result)).toEqual(Array(4).fill('handled'));
});

test('stops at the canary while the reaction is still broken, and tries no other', async () => {
  await startWithDead();
  const redriveId = (await startRedrive(group.db, REQUEST))!;
  expect(await untilOver(redriveId)).toBe('stopped');
  expect(await states()).toEqual(['dead', 'dead', 'dead', 'dead']);
  const tried = await group.db.selectFrom('dead_letters').select('died_at').execute();
  expect(new Set(tried.map(({ died_at }) => died_at.getTime())).size).toBeGreaterThan(1);
  expect(await group.db.selectFrom('parked').selectAll().execute()).toEqual([]);
});

test('passes over a dead letter that can be read now and is none of its events, and goes on', async () => {
  await group.start('a', { react: count, running: NO_RETRY });
  const foreign = { ...eventOf(2), type: 'test.foreign.v1' };
  await group.append(JSON.stringify({ ...foreign, specversion: '0.3' }));
  await group.append('{"broken":');
  await waitFor('two dead letters', TIMEOUT_MS, async () =>
    (await states()).length === 2 ? true : undefined,
  );
  const letters = group.db.selectFrom('dead_letters').select('dead_letter_id as id');
  const [first, second] = await letters.orderBy('dead_letter_id').execute();
  for (const [letter, event] of [[first!, foreign] as const, [second!, eventOf(4)] as const]) {
    const body = JSON.stringify(event);
    const fields = { id: event.id, type: event.type, key: event.partitionkey, ce: body };
    await group.db
      .updateTable('dead_letters')
      .set({ fields: JSON.stringify(fields), event_id: event.id })
      .where('dead_letter_id', '=', letter.id)
      .execute();
  }
  const redriveId = (await startRedrive(group.db, REQUEST))!;
  expect(await untilOver(redriveId)).toBe('done');
  const results = await redriveResults(group.db, redriveId, 10);
  expect(results.map(({ result }) => result)).toEqual(['passed over', 'handled']);
  expect(await group.effects()).toEqual([4]);
  expect(await group.db.selectFrom('parked').selectAll().execute()).toEqual([]);
});

test('has a result for each where some are dead again', async () => {
  await startWithDead();
  broken = new Set([3]);
  const redriveId = (await startRedrive(group.db, { ...REQUEST, hasCanary: false }))!;
  expect(await untilOver(redriveId)).toBe('done');
  expect(await redriveProgress(group.db, redriveId)).toMatchObject({ redriven: 3, deadAgain: 1 });
});

test('keeps to its rate, and leaves dead what has not begun when it is cancelled', async () => {
  await startWithDead();
  broken.clear();
  const redriveId = (await startRedrive(group.db, {
    ...{ ...REQUEST, hasCanary: false, ratePerSecond: 0.01 },
  }))!;
  await waitFor('the first', TIMEOUT_MS, async () =>
    (await group.effects()).length === 1 ? true : undefined,
  );
  expect(await cancelRedrive(group.db, redriveId)).toBe(true);
  expect(await states()).toEqual(['dead', 'dead', 'dead', 'redriven']);
  expect(await cancelRedrive(group.db, redriveId)).toBe(false);
});

test('gives an event that was handled meanwhile no second effect', async () => {
  await startWithDead();
  broken.clear();
  expect(await skipOne(group.db, 'key-1/Counted/1', { by: 'me', why: 'by hand' })).toBe(true);
  const redriveId = (await startRedrive(group.db, REQUEST))!;
  await untilOver(redriveId);
  expect(await group.effects()).toEqual([2, 3, 4]);
  const results = await redriveResults(group.db, redriveId, 10);
  expect(results.map(({ result }) => result)).toContain('handled before');
});

test('an event that is given up waits for its redrive, also when it comes again', async () => {
  await startWithDead();
  broken.clear();
  await group.publish(1);
  await group.publish(6);
  await group.expectEffects([6]);
  await untilOver((await startRedrive(group.db, REQUEST))!);
  expect(await group.effects()).toEqual([1, 2, 3, 4, 6]);
});

test('redrives an edited event under the same id, and keeps what came', async () => {
  await group.start('a', { running: NO_RETRY });
  const bad = { ...eventOf(9), data: { n: 'nine' } };
  await group.append(JSON.stringify(bad));
  await waitFor('its death', TIMEOUT_MS, async () =>
    (await states()).length === 1 ? true : undefined,
  );
  const { dead_letter_id: id } = await group.db
    .selectFrom('dead_letters')
    .select('dead_letter_id')
    .executeTakeFirstOrThrow();
  const letter = (await findDeadLetter(group.db, id))!;
  const fields = editedFields(letter, JSON.stringify(eventOf(9)));
  expect(await editDeadLetter(group.db, id, { fields, by: 'me' })).toBe(true);
  await untilOver((await startRedrive(group.db, { ...REQUEST, filter: { deadLetterId: id } }))!);
  expect(await group.effects()).toEqual([9]);
  expect(await findDeadLetter(group.db, id)).toMatchObject({
    state: 'redriven',
    editedBy: 'me',
    originalFields: { ce: JSON.stringify(bad) },
  });
});

test('starts nothing where no dead letter matches', async () => {
  await startWithDead();
  const filter = { fingerprint: 'another' };
  expect(await startRedrive(group.db, { ...REQUEST, filter })).toBeUndefined();
});
