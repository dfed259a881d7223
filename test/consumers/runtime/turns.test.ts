import { Turns, type Asked } from '../../../consumers/runtime/turns';

const STREAMS = ['a', 'b', 'c', 'd'];

test('all are asked in equal shares, and may be waited for, while none has more than it was asked for', () => {
  const turns = new Turns(100);
  for (let round = 0; round < 3; round += 1) {
    const asked = turns.next(STREAMS, 200);
    expect(asked).toEqual({ streams: STREAMS, count: 50, mayWait: true });
    turns.heard(asked, given(asked, { b: 49 }));
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

test('streams that have little are asked every second time, however much others have', () => {
  const turns = new Turns(100);
  const begun = turns.next(STREAMS, 200);
  turns.heard(begun, given(begun, { a: 50, b: 50, c: 50, d: 1 }));
  const rounds = Array.from({ length: 4 }, () => {
    const asked = turns.next(STREAMS, 200);
    turns.heard(asked, given(asked, { a: 100, b: 100, c: 100 }));
    return asked;
  });
  expect(rounds.map(({ streams }) => streams.join())).toEqual(['d', 'a,b', 'd', 'c,a']);
  expect(rounds.some(({ mayWait }) => mayWait)).toBe(false);
});

test('all are waited for again once those that had more are empty', () => {
  const turns = new Turns(100);
  const begun = turns.next(STREAMS, 400);
  turns.heard(begun, given(begun, { a: 100, b: 100, c: 100, d: 100 }));
  const empty = [];
  let asked = turns.next(STREAMS, 100);
  for (; !asked.mayWait && empty.length < 20; asked = turns.next(STREAMS, 100)) {
    turns.heard(asked, []);
    empty.push(asked.streams.join());
  }
  expect(new Set(empty.join().split(','))).toEqual(new Set(STREAMS));
  expect(empty.length).toBeLessThan(10);
  expect(asked).toEqual({ streams: STREAMS, count: 25, mayWait: true });
});

test('with less room than streams, each is asked for one in its turn', () => {
  const turns = new Turns(1);
  const rounds = Array.from({ length: 4 }, () => turns.next(STREAMS, 3));
  expect(new Set(rounds.flatMap(({ streams }) => streams))).toEqual(new Set(STREAMS));
  expect(rounds.every(({ streams, count }) => streams.length === 3 && count === 1)).toBe(true);
});

test('with less room than streams, none is waited for while one that had more is left out', () => {
  const turns = new Turns(1);
  const begun = turns.next(STREAMS, 16);
  turns.heard(begun, given(begun, { a: 4 }));
  for (let round = 0; round < 4; round += 1) {
    const { streams, mayWait } = turns.next(STREAMS, 2);
    expect(mayWait).toBe(streams.includes('a'));
  }
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
