import { Credits } from '../../../consumers/runtime/credits';
import type { LaneLimits } from '../../../consumers/runtime/lanes';
import { Partition } from '../../../consumers/runtime/partition';

const SMALL = 500;

test('as much may be read as is worked on in two rounds, less what is in flight', () => {
  const credits = creditsOf({ concurrency: 4, batchSize: 50 });
  expect(credits.shareOf(1, [holding(100), holding(50)])).toBe(250);
});

test('nothing is read until a quarter of the room is free', () => {
  const credits = creditsOf({ concurrency: 4, batchSize: 50 });
  expect(credits.shareOf(1, [holding(301)])).toBe(0);
  expect(credits.shareOf(1, [holding(300)])).toBe(100);
});

test('readers of several servers share the room, but each may read a batch', () => {
  const credits = creditsOf({ concurrency: 16, batchSize: 50 });
  expect(credits.shareOf(8, [holding(0)])).toBe(1_600 / 8);
  expect(credits.shareOf(16, [holding(1_200)])).toBe(50);
});

test('of large events only so many are read as there is memory for, and one in any case', () => {
  const credits = creditsOf({ concurrency: 4, batchSize: 50 }, 1024 * 1024);
  expect(credits.shareOf(1, [holding(2, 1024 * 1024)])).toBe(6);
  credits.learn(64 * 1024 * 1024);
  expect(credits.shareOf(1, [holding(0)])).toBe(1);
});

function creditsOf(limits: LaneLimits, bytes = SMALL): Credits {
  const credits = new Credits(limits);
  credits.learn(bytes);
  return credits;
}

/** A partition with so many events in flight. */
function holding(count: number, bytes = SMALL): Partition {
  const partition = new Partition('stream', 1, '0-0');
  for (let n = 1; n <= count; n += 1) partition.inFlight.add(`${n}-0`, bytes);
  return partition;
}
