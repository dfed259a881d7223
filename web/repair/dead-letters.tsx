import { useSignal } from '@preact/signals';
import { run } from '../api';
import { Action } from '../parts/action';
import { useLoaded } from '../parts/loaded';
import { clock } from '../parts/words';
import { DeadLetter } from './dead-letter';
import type { Fingerprint } from './fingerprint';
import { Redrive, Redrives } from './redrive';

const LOOK_MS = 2_000;
const MAX_SHOWN = 20;

/** What died, by what it died of. */
export function DeadLetters() {
  const { data, error, reload } = useLoaded(
    () => run<Fingerprint[]>('dead-letters fingerprints'),
    '',
    LOOK_MS,
  );
  return (
    <>
      {error && <p class="error">{error}</p>}
      <Redrives />
      {data?.length === 0 && <p class="hint">No dead letter waits for a person.</p>}
      {(data ?? []).map((one) => (
        <OneFingerprint key={`${one.group} ${one.fingerprint}`} one={one} onChange={reload} />
      ))}
    </>
  );
}

interface Shown {
  readonly one: Fingerprint;
  readonly onChange: () => Promise<void>;
}

function OneFingerprint({ one, onChange }: Shown) {
  const { group, fingerprint, errorClass, error, count, eventTypes, firstDiedAt, lastDiedAt } = one;
  const isRedriving = useSignal(false);
  const isListed = useSignal(false);
  return (
    <article class="card">
      <h2>
        {count} in {group}
      </h2>
      <p class="wrap">
        <strong>{errorClass}</strong>: {error.split('\n')[0]}
      </p>
      <p class="hint wrap">
        {eventTypes.join(', ')}; from {clock(firstDiedAt)} to {clock(lastDiedAt)}; fingerprint{' '}
        {fingerprint}
      </p>
      <p class="row">
        <button
          type="button"
          class="main"
          aria-expanded={isRedriving.value}
          aria-label={`Redrive ${count} of ${group}`}
          onClick={() => (isRedriving.value = !isRedriving.value)}
        >
          Redrive
        </button>
        <button
          type="button"
          aria-expanded={isListed.value}
          aria-label={`${isListed.value ? 'Hide' : 'Show, mend, discard'}: ${count} of ${group}`}
          onClick={() => (isListed.value = !isListed.value)}
        >
          {isListed.value ? 'Hide' : 'Show, mend, discard'}
        </button>
      </p>
      {isRedriving.value && <Redrive one={one} onDone={onChange} />}
      {isListed.value && <Letters one={one} onChange={onChange} />}
    </article>
  );
}

interface Summary {
  readonly deadLetterId: number;
}

function Letters({ one: { group, fingerprint, count }, onChange }: Shown) {
  const { data, error, reload } = useLoaded(
    () => run<Summary[]>('dead-letters list', [group], { fingerprint, limit: String(MAX_SHOWN) }),
    `${group} ${fingerprint}`,
  );
  const changed = async () => {
    await reload();
    await onChange();
  };
  return (
    <>
      {error && <p class="error">{error}</p>}
      {(data ?? []).map(({ deadLetterId }) => (
        <DeadLetter key={deadLetterId} group={group} id={deadLetterId} onChange={changed} />
      ))}
      {count > MAX_SHOWN && (
        <p class="hint">
          The latest {MAX_SHOWN} of {count}.
        </p>
      )}
      <Action kind="quiet" onClick={changed}>
        Look again
      </Action>
    </>
  );
}
