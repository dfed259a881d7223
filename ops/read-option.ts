import { BadCall, type Call } from './command';

/** Long enough to say why, short enough to be read in a list. */
const MAX_WHY_LENGTH = 500;

/** A text option, undefined when it was not given. */
export function textOption({ values }: Call, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Why something is done: it must be said. */
export function whyOption(call: Call): string {
  const why = textOption(call, 'why')?.trim() ?? '';
  if (why !== '' && why.length <= MAX_WHY_LENGTH) return why;
  throw new BadCall(`--why is needed, with at most ${MAX_WHY_LENGTH} characters`);
}

/** A whole or broken number in these limits. */
export function numberOption(
  call: Call,
  name: string,
  { min, max, isWhole = true }: { min: number; max: number; isWhole?: boolean },
): number | undefined {
  const text = textOption(call, name);
  return text === undefined ? undefined : numberIn(text, `--${name}`, { min, max, isWhole });
}

/** The id of something, such as a dead letter. */
export function idWord(text: string, what: string): number {
  return numberIn(text, what, { min: 1, max: Number.MAX_SAFE_INTEGER, isWhole: true });
}

function numberIn(
  text: string,
  what: string,
  { min, max, isWhole }: { min: number; max: number; isWhole: boolean },
): number {
  const number = text.trim() === '' ? NaN : Number(text);
  const isGood = isWhole ? Number.isInteger(number) : Number.isFinite(number);
  if (isGood && number >= min && number <= max) return number;
  throw new BadCall(`${what} takes a number from ${min} to ${max}, not "${text}"`);
}

/** A point in time: ISO 8601 with its zone, such as 2026-11-24T09:00:00Z. */
export function timeOption(call: Call, name: string): Date | undefined {
  const text = textOption(call, name);
  if (text === undefined) return undefined;
  const isZoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(text);
  if (isZoned && !Number.isNaN(time.getTime())) return time;
  throw new BadCall(`--${name} takes a time such as 2026-11-24T09:00:00Z, not "${text}"`);
}
