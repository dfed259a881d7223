import type { Signal } from '@preact/signals';
import { operatorName, setOperatorName } from '../session';

const MAX_WHY = 500;
const MAX_NAME = 100;

/** Why something is done, and who does it: both are kept. */
export function Reason({ why, about }: { readonly why: Signal<string>; readonly about: string }) {
  return (
    <div class="row">
      <label class="wide">
        Why
        <input
          required
          maxLength={MAX_WHY}
          aria-label={`Why, for ${about}`}
          value={why}
          onInput={(event) => (why.value = event.currentTarget.value)}
        />
      </label>
      <label>
        Your name
        <input
          maxLength={MAX_NAME}
          autocomplete="name"
          aria-label={`Your name, for ${about}`}
          value={operatorName}
          onInput={(event) => setOperatorName(event.currentTarget.value)}
        />
      </label>
    </div>
  );
}
