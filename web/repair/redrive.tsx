import { useSignal } from '@preact/signals';
import { run } from '../api';
import { Action } from '../parts/action';
import { Badge } from '../parts/badge';
import type { Fingerprint } from './fingerprint';

const LOOK_MS = 500;
/** Then it goes on without us, and is seen in the list. */
const MAX_LOOKS = 240;
const USUAL_RATE = 20;
const MAX_RATE = 1_000;

interface Progress {
  readonly redriveId: number;
  readonly state: string;
  readonly waiting: number;
  readonly redriven: number;
  readonly deadAgain: number;
}

/** Hands dead letters back to their group: one first, to see, then the others at a rate. */
export function Redrive(props: {
  readonly one: Fingerprint;
  readonly onDone: () => Promise<void>;
}) {
  const { group, fingerprint, count } = props.one;
  const hasCanary = useSignal(true);
  const rate = useSignal(USUAL_RATE);
  const progress = useSignal<Progress | undefined>(undefined);

  const begin = async () => {
    const options = {
      ...{ fingerprint, rate: String(rate.value), brief: true },
      ...(hasCanary.value ? {} : { 'no-canary': true }),
    };
    progress.value = await run<Progress>('dead-letters redrive', [group], options);
    const id = String(progress.value.redriveId);
    for (let looks = 0; looks < MAX_LOOKS && isUnderWay(progress.value); looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      progress.value = await run<Progress>('dead-letters progress', [group, id], { brief: true });
    }
    await props.onDone();
  };
  return (
    <div class="card" role="group" aria-label={`Redrive ${group}`}>
      <div class="row">
        <label class="check">
          <input
            type="checkbox"
            checked={hasCanary}
            onChange={(event) => (hasCanary.value = event.currentTarget.checked)}
          />
          One first; the others only if it goes well
        </label>
        <label>
          So many a second
          <input
            type="number"
            min={1}
            max={MAX_RATE}
            value={rate}
            onInput={(event) => (rate.value = event.currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      <Action kind="main" onClick={begin}>
        Redrive {count} now
      </Action>
      {progress.value && <Told progress={progress.value} group={group} />}
    </div>
  );
}

function isUnderWay({ state }: Progress): boolean {
  return state === 'canary' || state === 'running';
}

function Told({ progress, group }: { readonly progress: Progress; readonly group: string }) {
  const { redriveId, state, waiting, redriven, deadAgain } = progress;
  return (
    <p role="status">
      Redrive {redriveId}: <Badge state={state} /> {redriven} handled, {waiting} waiting,{' '}
      {deadAgain} dead again.
      {state === 'stopped' && ' The first died again, so the others were not tried.'}
      {isUnderWay(progress) && (
        <Action
          kind="danger"
          onClick={() => run('dead-letters cancel', [group, String(redriveId)])}
        >
          Cancel
        </Action>
      )}
    </p>
  );
}
