import { useSignal } from '@preact/signals';
import { run } from '../api';
import { Action } from '../parts/action';
import { Badge } from '../parts/badge';
import type { Fingerprint } from './fingerprint';
import { isUnderWay, redrive, redrives, type Redriving } from './redriving';

const USUAL_RATE = 20;
const MAX_RATE = 1_000;

/** Hands dead letters back to their group: one first, to see, then the others at a rate. */
export function Redrive(props: {
  readonly one: Fingerprint;
  readonly onDone: () => Promise<void>;
}) {
  const { group, count } = props.one;
  const hasCanary = useSignal(true);
  const rate = useSignal(USUAL_RATE);
  const begin = async () => {
    await redrive(props.one, { rate: rate.value, hasCanary: hasCanary.value });
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
    </div>
  );
}

/** What came of the redrives of this visit. */
export function Redrives() {
  return (
    <div role="status">
      {redrives.value.map((one) => (
        <Told key={`${one.group} ${one.redriveId}`} told={one} />
      ))}
    </div>
  );
}

function Told({ told }: { readonly told: Redriving }) {
  const { group, redriveId, state, waiting, redriven, deadAgain } = told;
  return (
    <p class="card">
      Redrive {redriveId} of {group}: <Badge state={state} /> {redriven} handled, {waiting} waiting,{' '}
      {deadAgain} dead again.
      {state === 'stopped' && ' The first died again, so the others were not tried: mend it first.'}
      {isUnderWay(told) && (
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
