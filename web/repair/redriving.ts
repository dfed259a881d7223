import { signal } from '@preact/signals';
import { run } from '../api';
import type { Fingerprint } from './fingerprint';

const LOOK_MS = 500;
/** Then it goes on without us, and is seen in the list. */
const MAX_LOOKS = 240;
/** How many are still told. */
const MAX_TOLD = 5;

/** How far a redrive is. */
export interface Redriving {
  readonly group: string;
  readonly redriveId: number;
  readonly state: string;
  readonly waiting: number;
  readonly redriven: number;
  readonly deadAgain: number;
}

/** The redrives of this visit, the latest first: while one runs, its dead letters are in no list. */
export const redrives = signal<readonly Redriving[]>([]);

/** Hands dead letters back, and follows until it is over. */
export async function redrive(
  { group, fingerprint }: Fingerprint,
  { rate, hasCanary }: { rate: number; hasCanary: boolean },
): Promise<void> {
  const options = {
    ...{ fingerprint, rate: String(rate), brief: true },
    ...(hasCanary ? {} : { 'no-canary': true }),
  };
  let now = await run<Omit<Redriving, 'group'>>('dead-letters redrive', [group], options);
  tell({ group, ...now });
  const words = [group, String(now.redriveId)];
  for (let looks = 0; looks < MAX_LOOKS && isUnderWay(now); looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    now = await run('dead-letters progress', words, { brief: true });
    tell({ group, ...now });
  }
}

/** Whether it may still be cancelled. */
export function isUnderWay({ state }: Pick<Redriving, 'state'>): boolean {
  return state === 'canary' || state === 'running';
}

function tell(told: Redriving): void {
  const others = redrives.value.filter(
    ({ group, redriveId }) => group !== told.group || redriveId !== told.redriveId,
  );
  redrives.value = [told, ...others].slice(0, MAX_TOLD);
}
