import { useSignal } from '@preact/signals';
import { signIn } from '../session';

/** Asks for a key; it is kept for this tab alone. */
export function SignIn({ reason }: { readonly reason: string }) {
  const given = useSignal('');
  return (
    <main class="sign-in">
      <h1>Tandem: control room</h1>
      {reason && (
        <p class="error" role="alert">
          {reason}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn(given.value.trim());
        }}
      >
        <label>
          An API key with the scope <code>ops</code>
          <input
            type="password"
            autocomplete="off"
            required
            value={given}
            onInput={(event) => (given.value = event.currentTarget.value)}
          />
        </label>
        <button class="main">Sign in</button>
      </form>
      <p class="hint">
        {__DEVELOPMENT__
          ? 'npm start prints a link that signs you in.'
          : 'The first key: npm run ops -- access first-key. It is kept until this tab is closed.'}
      </p>
    </main>
  );
}
