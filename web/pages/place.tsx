import { useSignal } from '@preact/signals';
import { ask, send, type Order, type Product } from '../api';
import { Action } from '../parts/action';
import { useLoaded } from '../parts/loaded';
import { money } from '../parts/words';
import { go } from '../route';

const MAX_LINES = 5;
const MAX_QUANTITY = 100;
/** The API waits so long for the outcome before it answers. */
const WAIT_SECONDS = 1;

/** Stripe's test cards (docs.stripe.com/testing), as the payment simulator knows them. */
const CARDS = [
  ['pm_card_visa', 'Visa, works'],
  ['pm_card_mastercard', 'Mastercard, works'],
  ['pm_card_chargeDeclined', 'declined'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'declined: insufficient funds'],
] as const;

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Places an order, and goes to its X-ray. */
export function Place() {
  const { data, error } = useLoaded(() => ask<{ data: Product[] }>('/v1/products?limit=100'), '');
  const lines = useSignal<readonly Line[]>([{ sku: '', quantity: 1 }]);
  const card = useSignal<string>(CARDS[0][0]);
  const customer = useSignal('cus_ada');
  const email = useSignal('ada@example.com');
  const products = data?.data ?? [];
  const change = (index: number, changed: Partial<Line>) =>
    (lines.value = lines.value.map((line, at) => (at === index ? { ...line, ...changed } : line)));

  const place = async (body: object) => {
    const headers = {
      'Idempotency-Key': crypto.randomUUID(),
      Prefer: `wait=${WAIT_SECONDS}`,
    };
    const order = await send<Order>('/v1/orders', body, headers);
    go(`/orders/${order.id}`);
  };
  const order = (ordered: readonly Line[], paymentMethod: string) => ({
    customer: { id: customer.value, email: email.value },
    lines: ordered.map(({ sku, quantity }) => ({ sku: sku || products[0]?.sku, quantity })),
    paymentMethod,
  });
  const isEmpty = products.length === 0;
  const soldOut = products.find(({ available }) => available === 0);

  return (
    <>
      <h1>Place an order</h1>
      {error && <p class="error">{error}</p>}
      <form class="card" onSubmit={(event) => event.preventDefault()}>
        {lines.value.map((line, index) => (
          <fieldset class="row" key={index}>
            <label class="wide">
              Product
              <select
                value={line.sku || (products[0]?.sku ?? '')}
                onChange={(event) => change(index, { sku: event.currentTarget.value })}
              >
                {products.map(({ sku, name, unitPriceMinor, currency, available }) => (
                  <option key={sku} value={sku}>
                    {name}, {money(unitPriceMinor, currency)}
                    {available === 0 ? ', none left' : ''}
                  </option>
                ))}
              </select>
            </label>
            <label>
              Quantity
              <input
                type="number"
                min={1}
                max={MAX_QUANTITY}
                value={line.quantity}
                onInput={(event) => change(index, { quantity: event.currentTarget.valueAsNumber })}
              />
            </label>
          </fieldset>
        ))}
        {lines.value.length < MAX_LINES && (
          <p>
            <button
              type="button"
              class="quiet"
              onClick={() => (lines.value = [...lines.value, { sku: '', quantity: 1 }])}
            >
              One product more
            </button>
          </p>
        )}
        <div class="row">
          <label>
            Card
            <select value={card} onChange={(event) => (card.value = event.currentTarget.value)}>
              {CARDS.map(([id, about]) => (
                <option key={id} value={id}>
                  {about}
                </option>
              ))}
            </select>
          </label>
          <label>
            Customer
            <input
              value={customer}
              onInput={(event) => (customer.value = event.currentTarget.value)}
            />
          </label>
          <label>
            Mail
            <input
              type="email"
              value={email}
              onInput={(event) => (email.value = event.currentTarget.value)}
            />
          </label>
        </div>
        <Action
          kind="main"
          isDisabled={isEmpty}
          onClick={() => place(order(lines.value, card.value))}
        >
          Place the order
        </Action>
      </form>
      <h2>Or at once</h2>
      <p class="row">
        <Action
          isDisabled={isEmpty}
          onClick={() => place(order([{ sku: '', quantity: 1 }], 'pm_card_visa'))}
        >
          One that works
        </Action>
        <Action
          isDisabled={isEmpty}
          onClick={() => place(order([{ sku: '', quantity: 1 }], 'pm_card_chargeDeclined'))}
        >
          One whose card is declined
        </Action>
        <Action
          isDisabled={!soldOut}
          onClick={() => place(order([{ sku: soldOut!.sku, quantity: 1 }], 'pm_card_visa'))}
        >
          One that is sold out
        </Action>
      </p>
    </>
  );
}
