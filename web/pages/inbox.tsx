import { askLauncher } from '../development';
import { useLoaded } from '../parts/loaded';
import { clock } from '../parts/words';
import { room } from '../room';

const LOOK_MS = 2_000;
const MAX_SHOWN = 100;

interface Mail {
  readonly receivedAt: string;
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The mails that development sends end here. */
export function Inbox() {
  const about = room.value?.development ?? '';
  const { data, error } = useLoaded(() => askLauncher<Mail[]>('/mails'), about, LOOK_MS);
  const mails = (data ?? []).slice(-MAX_SHOWN).reverse();
  return (
    <>
      <h1>Inbox</h1>
      {error && about !== '' && <p class="error">{error}</p>}
      {data && mails.length === 0 && <p class="hint">No mail yet.</p>}
      {mails.map(({ receivedAt, messageId, to, subject, text }) => (
        <details key={`${messageId} ${receivedAt}`} class="card">
          <summary>
            <strong>{subject}</strong>
            <small>
              {clock(receivedAt)} to {to}
            </small>
          </summary>
          <pre>{text}</pre>
        </details>
      ))}
    </>
  );
}
