import { Turns, type Asked } from '../../../consumers/runtime/turns';

const STREAMS = ['a', 'b', 'c', 'd'];

test('all are asked in equal shares, and may be waited for, while none has more than it was asked for', () => {
  const turns = new Turns(100);
  for (let round = 0; round < 3; round += 1) {
    const asked = turns.next(STREAMS, 200);
    expect(asked).toEqual({ streams: STREAMS, count: 50, mayWait: true });
    turns.heard(asked, given(asked, { a: 49 }));
  }
});

test('of streams that all have more, as many are asked as there is room for whole batches, by turns', () => {
  const turns = new Turns(100);
  const begun = turns.next(STREAMS, 200);
  turns.heard(begun, given(begun, { a: 50, b: 50, c: 50, d: 50 }));
  const rounds = Array.from({ length: 4 }, () => {
    const asked = turns.next(STREAMS, 250);
    turns.heard(asked, given(asked, { a: 100, b: 100, c: 100, d: 100 }));
    return asked;
  });
  expect(rounds.map(({ streams }) => streams.join())).toEqual(['a,b', 'c,d', 'a,b', 'c,d']);
  expect(rounds.every(({ count, mayWait }) => count === 100 && !mayWait)).toBe(true);
});

test('a stream that has little is asked each time, however much others have', () => {
  const turns = new Turns(100);
  const begun = turns.next(STREAMS, 200);
  turns.heard(begun, given(begun, { a: 50, b: 50, c: 50, d: 1 }));
  for (let round = 0; round < 3; round += 1) {
    const asked = turns.next(STREAMS, 200);
    expect(asked.streams).toContain('d');
    expect(asked.streams).toHaveLength(2);
    turns.heard(asked, given(asked, { a: 100, b: 100, c: 100 }));
  }
});

test('all are waited for again once those that had more are empty', () => {
  const turns = new Turns(100);
  const begun = turns.next(STREAMS, 400);
  turns.heard(begun, given(begun, { a: 100, b: 100, c: 100, d: 100 }));
  let reads = 0;
  for (let asked = turns.next(STREAMS, 100); !asked.mayWait; asked = turns.next(STREAMS, 100)) {
    turns.heard(asked, []);
    reads += 1;
  }
  expect(reads).toBe(3);
});

test('with less room than streams, each is asked for one in its turn', () => {
  const turns = new Turns(1);
  const rounds = [turns.next(STREAMS, 3), turns.next(STREAMS, 3)];
  expect(rounds.map(({ streams }) => streams.join())).toEqual(['a,b,c', 'b,c,d']);
  expect(rounds.map(({ count }) => count)).toEqual([1, 1]);
});

/** What the streams that were asked gave, of what they had. */
function given({ streams, count }: Asked, had: Record<string, number>) {
  return streams
    .filter((stream) => had[stream] !== undefined)
    .map((stream) => ({
      stream,
      deliveries: Array.from({ length: Math.min(had[stream]!, count) }, (_, n) => ({
        stream,
        entryId: `${n + 1}-0`,
        fields: {},
      })),
    }));
}
