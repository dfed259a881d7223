import { useSignal } from '@preact/signals';
import { run } from '../api';
import { Action } from '../parts/action';
import { Reason } from './reason';

const VERBS = [
  { verb: 'retry', says: 'Retry now', look: { kind: 'main' } },
  { verb: 'done', says: 'It was done by hand', look: {} },
  { verb: 'give-up', says: 'Give up', look: { kind: 'danger' } },
] as const;

/** What a person decides about a step that is open. */
export function Decide(props: {
  readonly orderId: string;
  readonly step: string;
  /** No saga waits for it: there is nothing that could be tried again. */
  readonly isNote?: boolean;
  readonly onDone: () => Promise<void>;
}) {
  const { orderId, step, isNote = false, onDone } = props;
  const why = useSignal('');
  const isSilent = why.value.trim() === '';
  const decide = (verb: string) => async () => {
    await run(`saga ${verb}`, [orderId], { step, why: why.value });
    await onDone();
  };
  return (
    <div class="card">
      <p>
        <strong>{step}</strong> waits for you.{' '}
        {isNote
          ? 'No saga waits for it any more: see to it, and say that you did, or leave it undone.'
          : 'Look at the payment at the provider, and at what failed below. Then have it tried again, or say that you did it by hand and the saga goes on as if it had succeeded, or give it up and leave it undone.'}
      </p>
      <Reason why={why} about={step} />
      <p class="row">
        {VERBS.filter(({ verb }) => !isNote || verb !== 'retry').map(({ verb, says, look }) => (
          <Action
            key={verb}
            {...look}
            isDisabled={isSilent}
            onClick={decide(verb)}
            label={`${says}: ${step}`}
          >
            {says}
          </Action>
        ))}
      </p>
    </div>
  );
}
