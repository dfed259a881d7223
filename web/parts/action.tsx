import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** A button that does something that takes a while, and says what went wrong. */
export function Action(props: {
  readonly children: ComponentChildren;
  readonly onClick: () => Promise<unknown>;
  readonly kind?: 'main' | 'danger' | 'quiet';
  readonly label?: string;
  readonly isDisabled?: boolean;
}) {
  const isBusy = useSignal(false);
  const error = useSignal('');
  const click = async () => {
    isBusy.value = true;
    error.value = '';
    try {
      await props.onClick();
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <span class="action">
      <button
        type="button"
        class={props.kind ?? ''}
        aria-label={props.label}
        disabled={isBusy.value || props.isDisabled}
        onClick={() => void click()}
      >
        {props.children}
      </button>
      {error.value && (
        <span class="error" role="alert">
          {error.value}
        </span>
      )}
    </span>
  );
}
