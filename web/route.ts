import { signal } from '@preact/signals';

const START = '/now';

/** Where we are: the address behind `#`, in parts. */
export const route = signal(read());

addEventListener('hashchange', () => (route.value = read()));

function read(): string[] {
  const path = location.hash.slice(1) || START;
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    // An address that somebody mistyped.
    return [];
  }
}

/** Goes there. */
export function go(path: string): void {
  location.hash = path;
}
