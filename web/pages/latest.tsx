import type { Overview } from '../api';
import { Badge } from '../parts/badge';
import { clock, money } from '../parts/words';

/** The newest orders. */
export function Latest({ told: { latest } }: { readonly told: Overview }) {
  return (
    <section>
      <h2>Latest orders</h2>
      <ul class="orders">
        {latest.map(
          ({ id, status, outcomeCode, needsAttention, totalMinor, currency, createdAt }) => (
            <li key={id}>
              <a href={`#/orders/${id}`}>{id}</a>
              <span>{clock(createdAt)}</span>
              <span>{money(totalMinor, currency)}</span>
              <span>
                <Badge state={status} /> {outcomeCode}
                {needsAttention.length > 0 && <strong class="bad"> needs a person</strong>}
              </span>
            </li>
          ),
        )}
      </ul>
      {latest.length === 0 && <p class="hint">There is no order yet.</p>}
    </section>
  );
}
