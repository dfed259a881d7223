import { run } from '../api';
import { Badge } from '../parts/badge';
import { useLoaded } from '../parts/loaded';
import { clock } from '../parts/words';

const LOOK_MS = 2_000;

interface Waiting {
  readonly orderId: string;
  readonly status: string;
  readonly needsAttention: string[];
  readonly updatedAt: string;
}

/** The orders that wait for a person; each is decided on its X-ray. */
export function Attention() {
  const { data, error } = useLoaded(() => run<Waiting[]>('saga list'), '', LOOK_MS);
  return (
    <>
      {error && <p class="error">{error}</p>}
      {data?.length === 0 && <p class="hint">No order needs a person.</p>}
      <ul class="orders">
        {(data ?? []).map(({ orderId, status, needsAttention, updatedAt }) => (
          <li key={orderId}>
            <a href={`#/orders/${orderId}`}>{orderId}</a>
            <span>since {clock(updatedAt)}</span>
            <span>
              <Badge state={status} />
            </span>
            <strong>{needsAttention.join(', ')}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}
