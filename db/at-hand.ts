import type { Database } from './database';

/** Orders under way in one worker are some hundreds; of more, the oldest are forgotten. */
const MAX_AT_HAND = 1_000;

/** What a process has just read or written, kept for the next step of the same order. */
export interface AtHand<Value> {
  readonly put: (db: Database, id: string, value: Value) => void;
  /** Takes it away: whoever finds that it is old reads the truth next time. */
  readonly take: (db: Database, id: string) => Value | undefined;
}

/**
 * A place for what is at hand, for each pool its own. It spares a read and proves nothing: only a
 * statement may be built on it that states what it assumes, and changes nothing where that is old.
 */
export function atHand<Value>(): AtHand<Value> {
  const places = new WeakMap<Database, Map<string, Value>>();
  return {
    put(db, id, value) {
      let place = places.get(db);
      if (!place) places.set(db, (place = new Map<string, Value>()));
      place.delete(id);
      place.set(id, value);
      const [oldest] = place.keys();
      if (place.size > MAX_AT_HAND) place.delete(oldest!);
    },
    take(db, id) {
      const place = places.get(db);
      const value = place?.get(id);
      place?.delete(id);
      return value;
    },
  };
}
