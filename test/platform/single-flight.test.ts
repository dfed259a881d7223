import { atMostEvery } from '../../platform/single-flight';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('asks once for however many ask at once, and again only when the answer is old', async () => {
  let asked = 0;
  const ask = atMostEvery(1_000, () => Promise.resolve(++asked));
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  jest.advanceTimersByTime(999);
  expect(await ask()).toBe(1);
  jest.advanceTimersByTime(2);
  expect(await ask()).toBe(2);
});

test('never asks twice at once, however long an answer takes', async () => {
  let underWay = 0;
  let most = 0;
  const ask = atMostEvery(10, async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    underWay -= 1;
  });
  const first = ask();
  jest.advanceTimersByTime(500);
  const second = ask();
  await jest.advanceTimersByTimeAsync(500);
  await Promise.all([first, second]);
  expect(most).toBe(1);
});

test('asks again after a failure, which is told to those who waited for it', async () => {
  const answers = [() => Promise.reject(new Error('away')), () => Promise.resolve('there')];
  const ask = atMostEvery<string>(1_000, () => answers.shift()!());
  await expect(ask()).rejects.toThrow('away');
  expect(await ask()).toBe('there');
});
