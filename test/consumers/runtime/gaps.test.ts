import type { Broker } from '../../../consumers/runtime/broker';
import { Gaps } from '../../../consumers/runtime/gaps';
import { Partition } from '../../../consumers/runtime/partition';
import type { StreamInfo } from '../../../consumers/runtime/stream-info';

const STREAM = 's';

/** A stream that had `added` entries, the last of them `last`; the group was given those up to `delivered`. */
interface Stream {
  added: number;
  last: string;
  delivered: string;
  /** Entries after what was delivered that are there. */
  ahead: number;
}

let stream: Stream;
let gaps: Gaps;
let partition: Partition;
beforeEach(async () => {
  stream = { added: 10, last: '10-0', delivered: '10-0', ahead: 0 };
  const broker = { send: (_: string, args: readonly string[]) => Promise.resolve(answer(args)) };
  gaps = new Gaps(broker as unknown as Broker, 'g');
  partition = new Partition(STREAM, 1, '0-0');
  await gaps.begin(partition);
});

function answer([command, what]: readonly string[]): unknown {
  if (command === 'EVAL') return stream.ahead;
  if (what === 'GROUPS') return [['name', 'g', 'last-delivered-id', stream.delivered]];
  return ['length', 0, 'last-generated-id', stream.last, 'entries-added', stream.added];
}

const info = () => ({ added: stream.added, lastId: stream.last }) as StreamInfo;

/** These were appended; the last so many of them were read. */
function append(count: number, read: number): void {
  stream.added += count;
  stream.last = `${stream.added}-0`;
  const ids = Array.from({ length: read }, (_, i) => `${stream.added - read + 1 + i}-0`);
  partition.countRead(ids.map((entryId) => ({ entryId })));
}

const look = () => gaps.find(partition, info());

test('what was all read is no gap, however often it is looked at', () => {
  for (const count of [1, 5, 1]) {
    append(count, count);
    expect([look(), look()]).toEqual([undefined, undefined]);
  }
});

test('a gap is told from the second look on, until it is counted anew', async () => {
  append(3, 1);
  const gap = { firstId: '10-0', lastId: '13-0' };
  // Whoever could not record it is told again.
  expect([look(), look(), look()]).toEqual([undefined, gap, gap]);
  stream.delivered = stream.last;
  await gaps.begin(partition);
  expect([look(), look()]).toEqual([undefined, undefined]);
});

test('what somebody else was given, and has handed over by the next look, is no gap', async () => {
  append(2, 1);
  expect(look()).toBeUndefined();
  // It was found pending: everything is looked through.
  stream.delivered = stream.last;
  await gaps.begin(partition);
  append(1, 1);
  expect([look(), look()]).toEqual([undefined, undefined]);
});

test('nobody can tell before the stream is read to its end', () => {
  append(3, 1);
  stream.added += 1;
  stream.last = '14-0';
  expect([look(), look()]).toEqual([undefined, undefined]);
  partition.countRead([{ entryId: '14-0' }]);
  expect([look(), look()]).toEqual([undefined, { firstId: '10-0', lastId: '14-0' }]);
});

test('what is removed while a reader catches up is a gap', async () => {
  Object.assign(stream, { added: 14, last: '14-0', ahead: 4 });
  await gaps.begin(partition);
  partition.countRead(['13-0', '14-0'].map((entryId) => ({ entryId })));
  expect([look(), look()]).toEqual([undefined, { firstId: '10-0', lastId: '14-0' }]);
});

test('one that is too far behind to be counted is counted from where it has caught up', async () => {
  Object.assign(stream, { added: 50_000, last: '50000-0', ahead: 10_000 });
  await gaps.begin(partition);
  partition.countRead([{ entryId: '50000-0' }]);
  expect([look(), look()]).toEqual([undefined, undefined]);
  append(2, 1);
  expect([look(), look()]).toEqual([undefined, { firstId: '50000-0', lastId: '50002-0' }]);
});
