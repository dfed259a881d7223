import { effect, signal } from '@preact/signals';
import { ask } from './api';
import { key } from './session';

/** What this system links to; in production nothing can be broken. */
interface Room {
  readonly temporalUi: string | null;
  readonly development: string | null;
}

/** Undefined until it is known. */
export const room = signal<Room | undefined>(undefined);

effect(() => {
  if (key.value === '') return;
  ask<Room>('/v1/ops/room').then(
    (found) => (room.value = found),
    () => undefined,
  );
});
