import { useSignal } from '@preact/signals';
import { overview } from '../live';
import { Badge } from '../parts/badge';
import { clock, money } from '../parts/words';
import { go } from '../route';

/** Finds an order. */
export function Orders() {
  const wanted = useSignal('');
  const latest = overview.value?.latest ?? [];
  return (
    <>
      <h1>Orders</h1>
      <form
        class="card row"
        onSubmit={(event) => {
          event.preventDefault();
          go(`/orders/${encodeURIComponent(wanted.value.trim())}`);
        }}
      >
        <label class="wide">
          Order
          <input
            required
            placeholder="ord_…"
            value={wanted}
            onInput={(event) => (wanted.value = event.currentTarget.value)}
          />
        </label>
        <button class="main">X-ray</button>
      </form>
      <h2>Latest</h2>
      <ul class="orders">
        {latest.map(({ id, tenant, status, outcomeCode, totalMinor, currency, createdAt }) => (
          <li key={id}>
            <a href={`#/orders/${id}`}>{id}</a>
            <span>{clock(createdAt)}</span>
            <span>
              {money(totalMinor, currency)}, {tenant}
            </span>
            <span>
              <Badge state={status} /> {outcomeCode}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
