import { signal } from '@preact/signals';

/** The key is kept for this tab alone; closing it signs out. */
const KEY = 'tandem.key';
const NAME = 'tandem.name';

/** The API key of who is signed in; empty for nobody. */
export const key = signal(sessionStorage.getItem(KEY) ?? '');

/** Who it is, for the record of what was changed; several people may share a key. */
export const operatorName = signal(localStorage.getItem(NAME) ?? '');

/** Signs in; the next request shows whether the key is good. */
export function signIn(newKey: string): void {
  sessionStorage.setItem(KEY, newKey);
  key.value = newKey;
}

/** Forgets the key. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  key.value = '';
}

/** Remembers who it is. */
export function setOperatorName(name: string): void {
  localStorage.setItem(NAME, name);
  operatorName.value = name;
}

/** A link may sign in: `#key=…&to=/orders/…`. The key leaves the address at once. */
export function signInByLink(): void {
  if (!location.hash.startsWith('#key=')) return;
  const given = new URLSearchParams(location.hash.slice(1));
  signIn(given.get('key') ?? '');
  location.replace(`#${given.get('to') ?? '/now'}`);
}
