import { batched } from '../../db/batched';

/** Writes that end when they are told to. */
function heldWrites() {
  const writes: { items: number[]; end: (error?: Error) => void }[] = [];
  const write = batched<number>(
    (items) =>
      new Promise((resolve, reject) => {
        writes.push({ items, end: (error) => (error ? reject(error) : resolve()) });
      }),
  );
  return { write, writes };
}

test('what comes while a write is under way is written at once, after it', async () => {
  const { write, writes } = heldWrites();
  const all = Promise.all([1, 2, 3, 4].map(write));
  expect(writes.map(({ items }) => items)).toEqual([[1]]);
  writes[0]!.end();
  await Promise.resolve();
  await new Promise(setImmediate);
  expect(writes.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
  writes[1]!.end();
  await all;
});

test('a write that fails is told to those in it, and the next one is written all the same', async () => {
  const { write, writes } = heldWrites();
  const [first, second] = [write(1), write(2)];
  writes[0]!.end(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await new Promise(setImmediate);
  writes[1]!.end();
  await expect(second).resolves.toBeUndefined();
});
