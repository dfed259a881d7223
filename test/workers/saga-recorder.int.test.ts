import { pino } from 'pino';
import type { ObservedAttempt } from '../../activities/observed';
import { readAttempts } from '../../db/saga-attempts';
import { waitFor } from '../../dev/wait';
import { createSagaRecorder } from '../../workers/saga-recorder';
import { createTestDatabase, type TestDatabase } from '../jest/database';

const TIMEOUT_MS = 10_000;
const ORDER = 'ord_019ac6f0-0000-7000-8000-000000000001';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.close());

function attempt(more: Partial<ObservedAttempt> = {}): ObservedAttempt {
  return {
    ...{ workflowId: `order-${ORDER}`, activity: 'reserveStock', attempt: 1, tookMs: 1.4 },
    ...{ startedAt: new Date(), outcome: 'completed', ...more },
  };
}

async function recorded(count: number) {
  return waitFor(`${count} attempts`, TIMEOUT_MS, async () => {
    const attempts = await readAttempts(database.db, ORDER, 100);
    return attempts.length === count ? attempts : undefined;
  });
}

test('keeps what sagas tried without their waiting, and what is left when it stops', async () => {
  const recorder = createSagaRecorder(database.db, pino({ level: 'silent' }));
  recorder.observe(attempt());
  recorder.observe(attempt({ workflowId: 'reconciliation' }));
  await recorded(1);
  const error = `refused pm_card_visa of canary@example.com ${'x'.repeat(480)}\ud83d\ude00 and more`;
  recorder.observe(attempt({ outcome: 'failed', error, attempt: 2 }));
  await recorder.stop();
  const [, second] = await recorded(2);
  expect(second).toMatchObject({ outcome: 'failed', attempt: 2, tookMs: 1 });
  expect(second!.error).not.toMatch(/canary|pm_card/);
  expect(second!.error!.length).toBeLessThanOrEqual(500);
});

test('what can never be written holds up nothing that comes later', async () => {
  const recorder = createSagaRecorder(database.db, pino({ level: 'silent' }));
  const before = (await readAttempts(database.db, ORDER, 100)).length;
  recorder.observe(attempt({ attempt: 0 }));
  await recorder.stop();
  const next = createSagaRecorder(database.db, pino({ level: 'silent' }));
  next.observe(attempt({ activity: 'confirmOrder' }));
  await next.stop();
  expect(await readAttempts(database.db, ORDER, 100)).toHaveLength(before + 1);
});
