import { pino } from 'pino';
import { Credits } from '../../../consumers/runtime/credits';
import { Partition } from '../../../consumers/runtime/partition';
import { Reading } from '../../../consumers/runtime/reading';

const STREAM = 'stream';
const ENTRY = ['1-0', ['id', 'a']];

/** Lets one read end while its partition is as `meanwhile` leaves it; says who was told what. */
async function readOnce(meanwhile: (partition: Partition) => void, reply = () => [ENTRY]) {
  const partition = new Partition(STREAM, 1, '0-0');
  partition.startReading();
  const told: string[] = [];
  const end = new AbortController();
  const reading = new Reading({
    ...{ group: 'group', member: 'member', batchSize: 1, logger: pino({ level: 'silent' }) },
    ...{ streams: [STREAM], credits: new Credits({ concurrency: 1, batchSize: 1 }) },
    broker: {
      readTogether: () => [[STREAM]],
      openReader: () =>
        Promise.resolve({
          async send() {
            await Promise.resolve();
            meanwhile(partition);
            end.abort();
            return [[STREAM, reply()]];
          },
          close: () => undefined,
        }),
    },
    holdings: { get: () => partition, all: () => [partition] },
    dispatcher: { addEntries: () => told.push('given') },
    mayBegin: () => true,
    onReadFailed: () => told.push('failed'),
    onLateRead: () => told.push('late'),
  } as never);
  await reading.run(end.signal);
  return told;
}

const fail = () => {
  throw new Error('cut');
};
const putInDoubt = (partition: Partition) => {
  partition.isReading = false;
};

test('what is read is given to whoever handles it', async () => {
  expect(await readOnce(() => undefined)).toEqual(['given']);
});

test('what is read of a partition that is being looked through is told to be late, also an error', async () => {
  expect(await readOnce(putInDoubt)).toEqual(['late']);
  expect(await readOnce(putInDoubt, fail)).toEqual(['late']);
});

test('what is read of a partition that is handed back is left to its next owner', async () => {
  const handBack = (partition: Partition) => partition.stopReading();
  expect(await readOnce(handBack)).toEqual([]);
  expect(await readOnce(handBack, fail)).toEqual([]);
});

test('a read that fails leaves it unknown what was given', async () => {
  expect(await readOnce(() => undefined, fail)).toEqual(['failed']);
});
