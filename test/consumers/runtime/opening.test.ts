import { pino } from 'pino';
import { Opening } from '../../../consumers/runtime/opening';
import { Partition } from '../../../consumers/runtime/partition';
import { waitFor } from '../../../dev/wait';

const TIMEOUT_MS = 1_000;

/** Opens a partition of which something is in doubt, while `meanwhile` happens. */
async function open(meanwhile: (opening: Opening, partition: Partition) => void) {
  const partition = new Partition('stream', 1, '0-0');
  let looks = 0;
  let isOver = false;
  const opening = new Opening({
    takeOver: {
      findBack: () => {
        looks += 1;
        return Promise.resolve([]);
      },
      settleKnown: () => Promise.resolve([]),
    } as never,
    dispatcher: { addEntries: () => undefined } as never,
    replayFirst: () => {
      if (looks === 1) meanwhile(opening, partition);
      isOver = true;
      return Promise.resolve();
    },
    untilReadsEnd: () => Promise.resolve(),
    isPaused: () => false,
    onOpened: () => undefined,
    logger: pino({ level: 'silent' }),
  });
  opening.inDoubt(partition);
  await opening.findBack();
  await waitFor('it to be opened', TIMEOUT_MS, () => isOver || undefined);
  await new Promise(setImmediate);
  return { opening, partition, looks: () => looks };
}

test('a partition is read once what was given of it is known', async () => {
  const { partition, looks } = await open(() => undefined);
  expect([partition.isReading, looks()]).toEqual([true, 1]);
});

test('what a late reply has given is looked for before anything later is read', async () => {
  const { opening, partition, looks } = await open((one, held) => one.readLate(held));
  expect([partition.isReading, looks()]).toEqual([false, 1]);
  await opening.findBack();
  await waitFor('it to be read', TIMEOUT_MS, () => partition.isReading || undefined);
  expect(looks()).toBe(2);
});

test.each([
  ['is handed back', (partition: Partition) => partition.stopReading()],
  ['was left', (partition: Partition) => partition.leave()],
])('a partition that %s is not looked through again for a late reply', async (_, end) => {
  const { opening, looks } = await open((one, held) => {
    one.readLate(held);
    end(held);
  });
  await opening.findBack();
  expect(looks()).toBe(1);
});
