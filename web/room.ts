import { effect, signal } from '@preact/signals';
import { ask } from './api';
import { link } from './live';
import { key } from './session';

/** What this system links to; in production nothing can be broken. */
interface Room {
  readonly temporalUi: string | null;
  readonly development: string | null;
}

/** Undefined until it is known. */
export const room = signal<Room | undefined>(undefined);

/** Also when the API comes back that was away when we signed in. */
effect(() => {
  if (key.value === '' || link.value === 'cut off' || room.peek()) return;
  ask<Room>('/v1/ops/room').then(
    (found) => (room.value = found),
    () => undefined,
  );
});
