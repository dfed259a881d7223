const KINDS: Readonly<Record<string, string>> = {
  ...{ confirmed: 'good', captured: 'good', running: 'good', shipped: 'good', done: 'good' },
  ...{ rejected: 'bad', failed: 'bad', dead: 'bad', stopped: 'bad', refused: 'bad' },
  ...{ pending: 'waiting', waiting: 'waiting', probing: 'waiting', paused: 'waiting' },
};

/** A state, in its word and its colour. */
export function Badge({ state }: { readonly state: string }) {
  return <span class={`badge ${KINDS[state] ?? ''}`}>{state}</span>;
}
