import { effect, signal } from '@preact/signals';
import { createParser } from 'eventsource-parser';
import { ask, type Overview, type Point } from './api';
import { key, NO_GOOD, signOut } from './session';

/** Longer than the API is ever silent while it is well: it tells something each second. */
const SILENCE_MS = 5_000;
const RETRY_MS = 1_000;
const HOUR_SECONDS = 3_600;

/** How everything stands; undefined until it was told for the first time. */
export const overview = signal<Overview | undefined>(undefined);

/** `live`, or why it is not. */
export const link = signal<'connecting' | 'live' | 'cut off' | 'database away'>('connecting');

/** The points of the last hour by their beginnings. */
export const points = signal<ReadonlyMap<number, Point>>(new Map());

/** Whether the key may not operate. */
export const isForbidden = signal(false);

/** Follows the overview for as long as somebody is signed in, and comes back when it is cut off. */
export function follow(): void {
  effect(() => {
    const signedIn = key.value;
    if (signedIn === '') return;
    isForbidden.value = false;
    const stopping = new AbortController();
    void goOn(signedIn, stopping.signal);
    return () => stopping.abort();
  });
}

async function goOn(signedIn: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !isForbidden.value) {
    await listen(signedIn, signal).catch(() => undefined);
    if (signal.aborted) return;
    if (link.value !== 'connecting') link.value = 'cut off';
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Server-sent events by fetch: an EventSource cannot send the key. */
async function listen(signedIn: string, signal: AbortSignal): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const response = await fetch('/v1/ops/overview/events', {
    headers: { Authorization: `Bearer ${signedIn}` },
    signal: AbortSignal.any([signal, silence.signal]),
  });
  if (response.status === 401) return signOut(NO_GOOD);
  if (response.status === 403) return void (isForbidden.value = true);
  if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`);
  // What happened while we were cut off is in none of what comes.
  void catchUp();
  const parser = createParser({ onEvent: take });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

function take({ event, data }: { event?: string | undefined; data: string }): void {
  if (event === 'trouble') link.value = 'database away';
  if (event !== 'overview') return;
  const told = JSON.parse(data) as Overview;
  overview.value = told;
  link.value = 'live';
  remember(told.series);
}

async function catchUp(): Promise<void> {
  const { data } = await ask<{ data: Point[] }>('/v1/ops/series').catch(() => ({ data: [] }));
  remember(data);
}

function remember(more: readonly Point[]): void {
  const oldest = Date.now() / 1000 - HOUR_SECONDS;
  const kept = [...points.value].filter(([at]) => at >= oldest);
  points.value = new Map([...kept, ...more.map((point) => [point.at, point] as const)]);
}
