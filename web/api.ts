import type { components } from '../api/client/schema';
import { key, NO_GOOD, operatorName, signOut } from './session';

type Schemas = components['schemas'];
/** As the API's document has them. */
export type Overview = Schemas['Overview'];
export type Group = Overview['groups'][number];
export type Point = Overview['series'][number];
export type Xray = Schemas['Xray'];
export type XrayEntry = Xray['entries'][number];
export type Product = Schemas['Product'];
export type Order = Schemas['Order'];

/** The API said no, in words for a person. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Asks the API; a key that is not good signs out. Throws {@link Refused}, or when it is away. */
export async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { Authorization: `Bearer ${key.value}`, ...init.headers };
  const response = await fetch(path, { ...init, headers }).catch(() => {
    throw new Refused('The API does not answer.', 0);
  });
  if (response.status === 401) signOut(NO_GOOD);
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const body: unknown = isJson ? await response.json() : undefined;
  if (!response.ok) throw new Refused(wordsOf(body, response.status), response.status);
  return body as Answer;
}

function wordsOf(problem: unknown, status: number): string {
  const {
    title = `It answered ${status}.`,
    detail,
    errors = [],
  } = (problem ?? {}) as {
    title?: string;
    detail?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const reasons = errors.map((error) => `${error.pointer}: ${error.detail}`);
  return [detail ?? title, ...reasons].join('; ');
}

/** Sends JSON. */
export function send<Answer>(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = { 'Content-Type': 'application/json' };
  return ask(path, {
    method: 'POST',
    headers: { ...type, ...headers },
    body: JSON.stringify(body),
  });
}

/** What a command takes beside its words. */
type Options = Record<string, string | boolean | string[]>;

/** Runs a command of `npm run ops`; returns what `--json` would show. */
export async function run<Data>(
  command: string,
  words: string[] = [],
  options: Options = {},
): Promise<Data> {
  const by = operatorName.value.trim();
  const who = by === '' ? {} : { by };
  const answer = await send<{ data: Data; lines: string[] }>('/v1/ops/commands', {
    ...{ command, words, options, ...who },
  });
  return answer.data;
}
