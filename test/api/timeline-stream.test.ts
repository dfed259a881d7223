import { TimelineStream } from '../../api/orders/timeline-stream';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const entry = (sequence: number) => ({
  ...{ sequence, name: 'OrderPlaced' as const, recordedAt: new Date(0) },
  ...{ code: null, carrier: null, trackingNumber: 'x'.repeat(1_000) },
});

function open() {
  const closed = jest.fn();
  return { stream: new TimelineStream('ord_1', 0, closed), closed };
}

test('a reader that does not read is let go before it has taken much memory', async () => {
  const { stream, closed } = open();
  for (let sequence = 1; sequence <= 1_000; sequence += 1) stream.send([entry(sequence)]);
  await jest.advanceTimersByTimeAsync(0);
  expect(stream.body.destroyed).toBe(true);
  expect(closed).toHaveBeenCalledTimes(1);
});

test('a reader that reads is told each entry once, and hears of us while nothing happens', async () => {
  const { stream } = open();
  let text = '';
  stream.body.on('data', (chunk: Buffer) => (text += chunk.toString()));
  stream.send([entry(1), entry(2)]);
  stream.send([entry(1), entry(2), entry(3)]);
  await jest.advanceTimersByTimeAsync(15_000);
  expect(text.match(/^id: \d+$/gm)).toEqual(['id: 1', 'id: 2', 'id: 3']);
  expect(text).toMatch(/^retry: 1000\n\n/);
  expect(text).toMatch(/\n\n: heartbeat\n\n$/);
});

test('after an hour it is told to come back, and nothing of it is left', async () => {
  const { stream, closed } = open();
  stream.body.resume();
  await jest.advanceTimersByTimeAsync(3_600_000);
  expect(closed).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
});
