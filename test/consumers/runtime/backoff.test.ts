import { backoffMs } from '../../../consumers/runtime/backoff';

test('waits longer after each failure, with jitter, and gives up in the end', () => {
  const least = Array.from({ length: 9 }, (_, i) => backoffMs(i + 1, () => 0));
  const most = Array.from({ length: 9 }, (_, i) => backoffMs(i + 1, () => 1));
  expect(least.slice(0, 4)).toEqual([500, 2_500, 15_000, 60_000]);
  expect(most.slice(0, 4)).toEqual([1_000, 5_000, 30_000, 120_000]);
  expect(most[8]).toBeUndefined();
  expect(most.slice(0, 8)).not.toContain(undefined);
});
