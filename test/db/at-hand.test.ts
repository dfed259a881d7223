import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { atHand, type AtHand } from '../../db/at-hand';
import type { Database } from '../../db/database';
import { waitFor } from '../../dev/wait';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function putContact(place: AtHand<object>, db: Database): WeakRef<object> {
  const contact = { email: 'canary@example.com' };
  place.put(db, 'ord_1', contact);
  return new WeakRef(contact);
}

const pool = () => ({}) as Database;

test('what is at hand is taken once, from the pool for which it was put', () => {
  const place = atHand<string>();
  const [one, other] = [pool(), pool()];
  place.put(one, 'ord_1', 'a');
  place.put(one, 'ord_1', 'b');
  expect(place.take(other, 'ord_1')).toBeUndefined();
  expect(place.take(one, 'ord_1')).toBe('b');
  expect(place.take(one, 'ord_1')).toBeUndefined();
});

test('of more than a thousand the oldest are forgotten', () => {
  const place = atHand<number>();
  const db = pool();
  for (let i = 0; i <= 1_000; i += 1) place.put(db, `ord_${i}`, i);
  expect([place.take(db, 'ord_0'), place.take(db, 'ord_1')]).toEqual([undefined, 1]);
});

test('nothing is given out after its time, nor kept in memory', async () => {
  const place = atHand<object>(1);
  const db = pool();
  const kept = putContact(place, db);
  await waitFor('it to be forgotten', 10_000, () => {
    collectGarbage();
    return kept.deref() === undefined ? true : undefined;
  });
  place.put(db, 'ord_2', {});
  const begun = performance.now();
  await waitFor('a millisecond to pass', 1_000, () =>
    performance.now() - begun > 1 ? true : undefined,
  );
  expect(place.take(db, 'ord_2')).toBeUndefined();
});
