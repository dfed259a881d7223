import { pino } from 'pino';
import { readLoop } from '../../../consumers/runtime/read-loop';

const STREAMS = ['a', 'b'];
const ROUNDS = 4;

test('of streams that have more than one batch each, one is read at a time, and none is waited for', async () => {
  const commands = await commandsOfReads(allThatIsAsked);
  const [first, ...later] = commands;
  expect(first).toEqual({ streams: STREAMS, count: 50, isWaiting: true });
  expect(later.map(({ streams }) => streams.join())).toEqual(['a', 'b', 'a']);
  expect(later.every(({ count, isWaiting }) => count === 100 && !isWaiting)).toBe(true);
});

test('streams that have nothing are all waited for', async () => {
  const commands = await commandsOfReads(() => null);
  expect(commands).toEqual(
    Array.from({ length: ROUNDS }, () => ({ streams: STREAMS, count: 50, isWaiting: true })),
  );
});

test('a read that fails leaves nothing known of any stream, also of those that it did not ask', async () => {
  const doubted: string[][] = [];
  let reads = 0;
  await commandsOfReads(
    (asked, count) => {
      reads += 1;
      if (reads === 3) throw new Error('cut');
      return allThatIsAsked(asked, count);
    },
    (streams) => doubted.push([...streams]),
  );
  expect(doubted).toEqual([STREAMS]);
});

type Answer = (streams: readonly string[], count: number) => unknown;

const allThatIsAsked: Answer = (streams, count) =>
  streams.map((stream) => [stream, Array.from({ length: count }, (_, n) => [`${n + 1}-0`, []])]);

/** Lets the loop read some times, with room for one batch, and returns what it asked. */
async function commandsOfReads(
  answer: Answer,
  onError: (streams: readonly string[]) => void = () => undefined,
) {
  const commands: { streams: readonly string[]; count: number; isWaiting: boolean }[] = [];
  const end = new AbortController();
  const send = (_stream: string, args: readonly string[]) => {
    const names = args.slice(args.indexOf('STREAMS') + 1);
    const streams = names.slice(0, names.length / 2);
    const count = Number(args[args.indexOf('COUNT') + 1]);
    commands.push({ streams, count, isWaiting: args.includes('BLOCK') });
    if (commands.length === ROUNDS) end.abort();
    return new Promise((resolve) => resolve(answer(streams, count)));
  };
  const options = {
    ...{ group: 'group', member: 'member', batchSize: 100, logger: pino({ level: 'silent' }) },
    broker: {
      ...{ send, readTogether: () => [STREAMS] },
      openReader: () => Promise.resolve({ send, close: () => undefined }),
    },
    mayRead: () => ({ streams: STREAMS, credits: 100 }),
    onBegin: () => () => undefined,
    onRead: () => undefined,
    onError,
  };
  await readLoop(options, STREAMS, end.signal);
  return commands;
}
