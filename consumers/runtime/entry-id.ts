/** The id before every entry's. */
export const ID_ZERO = '0-0';

const MAX_SEQUENCE = '18446744073709551615';

/** Below 0 when `a` stands before `b` in a stream. */
export function compareIds(a: string, b: string): number {
  // Most stand as text as they do as numbers.
  const isAlike = a.length === b.length && a.indexOf('-') === b.indexOf('-');
  if (isAlike) return a < b ? -1 : a > b ? 1 : 0;
  const [aMs, aSeq] = partsOf(a);
  const [bMs, bSeq] = partsOf(b);
  return compareNumbers(aMs, bMs) || compareNumbers(aSeq, bSeq);
}

/** The greatest id before this one. */
export function idBefore(id: string): string {
  const [ms, seq] = partsOf(id);
  if (seq !== '0') return `${ms}-${BigInt(seq) - 1n}`;
  return ms === '0' ? ID_ZERO : `${BigInt(ms) - 1n}-${MAX_SEQUENCE}`;
}

/** When the entry was appended, by the server's clock: ms since 1970. */
export function idTimeMs(id: string): number {
  return Number(partsOf(id)[0]);
}

function partsOf(id: string): [ms: string, seq: string] {
  const [ms = '0', seq = '0'] = id.split('-');
  return [ms, seq];
}

/** Digits without leading zeros: longer is greater. 64 bits do not fit a number. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
