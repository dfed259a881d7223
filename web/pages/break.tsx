import { askLauncher } from '../development';
import { Action } from '../parts/action';
import { useLoaded } from '../parts/loaded';
import { room } from '../room';

/** Often enough to see when it is well again. */
const LOOK_MS = 1_000;

interface BreakStatus {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly state: 'ready' | 'broken';
  readonly said: string | null;
}

/** Breaks things, to see that they come back. */
export function Break() {
  const about = room.value?.development ?? '';
  const { data, error, reload } = useLoaded(
    () => askLauncher<BreakStatus[]>('/breaks'),
    about,
    LOOK_MS,
  );
  const begin = async (id: string) => {
    await askLauncher(`/breaks/${id}`, { method: 'POST' });
    await reload();
  };
  return (
    <>
      <h1>Break something</h1>
      <p>
        Nothing that you break here loses an order or doubles an effect. Place orders meanwhile, and
        look at <a href="#/now">Now</a>.
      </p>
      {error && about !== '' && <p class="error">{error}</p>}
      <ul class="cards">
        {(data ?? []).map(({ id, title, about: what, state, said }) => (
          <li key={id} class="card">
            <h2>{title}</h2>
            <p>{what}</p>
            <Action kind="danger" isDisabled={state === 'broken'} onClick={() => begin(id)}>
              {title}
            </Action>
            <p role="status" class="hint">
              {state === 'broken' ? 'Broken now …' : (said ?? '')}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
