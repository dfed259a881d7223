import { run } from '../api';
import { Badge } from '../parts/badge';
import { useLoaded } from '../parts/loaded';
import { clock } from '../parts/words';

const LOOK_MS = 5_000;

interface Entry {
  readonly auditId: number;
  readonly begunAt: string;
  readonly by: string;
  readonly via: string;
  readonly command: string;
  readonly words: string[];
  readonly options: Record<string, unknown>;
  readonly outcome: string | null;
  readonly said: string | null;
}

/** What people changed, who they were and why. */
export function Audit() {
  const { data, error } = useLoaded(() => run<Entry[]>('audit list'), '', LOOK_MS);
  return (
    <>
      {error && <p class="error">{error}</p>}
      {data?.length === 0 && <p class="hint">Nobody has changed anything.</p>}
      <ol class="entries">
        {(data ?? []).map(
          ({ auditId, begunAt, by, via, command, words, options, outcome, said }) => (
            <li key={auditId} class="entry">
              <time dateTime={begunAt}>{clock(begunAt)}</time>
              <span class="lane">{via}</span>
              <span class="what">
                <code>{[command, ...words].join(' ')}</code> by {by}{' '}
                <Badge state={outcome ?? 'not known'} />
                {typeof options['why'] === 'string' && <> because: {options['why']}</>}
              </span>
              <small>{said}</small>
            </li>
          ),
        )}
      </ol>
    </>
  );
}
