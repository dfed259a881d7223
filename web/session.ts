import { signal } from '@preact/signals';

/** The key is kept for this tab alone; closing it signs out. */
const KEY = 'tandem.key';
const NAME = 'tandem.name';

/** What the API says of a key that it does not know. */
export const NO_GOOD = 'This key is not good, or not any more.';

/** The API key of who is signed in; empty for nobody. */
export const key = signal(sessionStorage.getItem(KEY) ?? '');

/** Who it is, for the record of what was changed; several people may share a key. */
export const operatorName = signal(localStorage.getItem(NAME) ?? '');

/** Why nobody is signed in any more; empty where somebody signed out. */
export const signedOutBecause = signal('');

/** Signs in; the next request shows whether the key is good. */
export function signIn(newKey: string): void {
  sessionStorage.setItem(KEY, newKey);
  signedOutBecause.value = '';
  key.value = newKey;
}

/** Forgets the key. */
export function signOut(because = ''): void {
  signedOutBecause.value = because;
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
