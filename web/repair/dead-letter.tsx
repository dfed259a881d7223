import { useSignal } from '@preact/signals';
import { run } from '../api';
import { Action } from '../parts/action';
import { useLoaded } from '../parts/loaded';
import { clock } from '../parts/words';
import { Reason } from './reason';

/** The field of a stream entry that has the event. */
const EVENT_FIELD = 'ce';

interface Letter {
  readonly deadLetterId: number;
  readonly eventId: string | null;
  readonly key: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  readonly diedAt: string;
  readonly stream: string;
  readonly entryId: string;
  readonly fields: Record<string, string>;
  readonly editedBy: string | null;
  readonly history: { at: string; errorClass: string; message: string }[];
  readonly flaws: { path: string; message: string }[];
}

/** One dead letter: what it is, where it breaks its schema, and what can be done about it. */
export function DeadLetter(props: {
  readonly group: string;
  readonly id: number;
  readonly onChange: () => Promise<void>;
}) {
  const { group, id, onChange } = props;
  const { data, error, reload } = useLoaded(
    () => run<Letter>('dead-letters show', [group, String(id)]),
    `${group} ${id}`,
  );
  if (error) return <p class="error">{error}</p>;
  if (!data) return <p class="hint">Looking …</p>;
  const changed = async () => {
    await reload();
    await onChange();
  };
  return (
    <article class="card">
      <h3 class="wrap">{data.eventId ?? 'An entry without an event'}</h3>
      <p class="hint wrap">
        Dead letter {id}: {data.reason} after {data.attempts} attempts, {clock(data.diedAt)}; came
        as {data.stream} {data.entryId}
        {data.editedBy && `; mended by ${data.editedBy}`}
      </p>
      <Flaws flaws={data.flaws} />
      {data.editedBy && data.flaws.length === 0 && (
        <p role="status">It is mended: redrive it, above.</p>
      )}
      {data.history.length > 0 && (
        <ol class="plain">
          {data.history.map(({ at, errorClass, message }) => (
            <li key={at} class="wrap">
              {clock(at)} {errorClass}: {message}
            </li>
          ))}
        </ol>
      )}
      <Mend letter={data} group={group} onChange={changed} />
      <Discard group={group} id={id} onChange={changed} />
    </article>
  );
}

function Flaws({ flaws }: { readonly flaws: Letter['flaws'] }) {
  if (flaws.length === 0) return <p class="hint">It is as its schema wants it.</p>;
  return (
    <table class="flaws">
      <caption>Against its schema</caption>
      <tbody>
        {flaws.map(({ path, message }) => (
          <tr key={`${path} ${message}`}>
            <th scope="row">
              <code>{path || 'the event'}</code>
            </th>
            <td>{message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Mending {
  readonly letter: Letter;
  readonly group: string;
  readonly onChange: () => Promise<void>;
}

function Mend({ letter: { deadLetterId, fields }, group, onChange }: Mending) {
  const text = useSignal(pretty(fields[EVENT_FIELD] ?? ''));
  const save = async () => {
    const event = compact(text.value);
    await run('dead-letters edit', [group, String(deadLetterId)], { event });
    await onChange();
  };
  return (
    <details>
      <summary>The event, to be mended</summary>
      <textarea
        aria-label={`The event of dead letter ${deadLetterId}`}
        rows={18}
        spellcheck={false}
        value={text}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <Action
        kind="main"
        onClick={save}
        label={`Save; what came is kept: dead letter ${deadLetterId}`}
      >
        Save; what came is kept
      </Action>
    </details>
  );
}

function Discard(props: {
  readonly group: string;
  readonly id: number;
  readonly onChange: () => Promise<void>;
}) {
  const why = useSignal('');
  const discard = async () => {
    await run('dead-letters discard', [props.group, String(props.id)], { why: why.value });
    await props.onChange();
  };
  return (
    <details>
      <summary>Discard</summary>
      <Reason why={why} about={`discarding ${props.id}`} />
      <Action
        kind="danger"
        isDisabled={why.value.trim() === ''}
        onClick={discard}
        label={`Nothing will be done about it: dead letter ${props.id}`}
      >
        Nothing will be done about it
      </Action>
    </details>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Text that is no JSON is sent as it is: the answer says what is wrong with it. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
