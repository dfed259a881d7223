import { randomUUID } from 'node:crypto';
import type { components } from '../api/client/schema';
import { ORDER_STATUSES } from '../api/orders/order-resource';
import { answered, type ApiTools } from './api-tools';
import { BadCall, type Answer, type Call, type Command } from './command';
import { numberOption, textOption, timeOption } from './read-option';
import { table } from './table';
import { watchOrder } from './watch-order';

type Order = components['schemas']['Order'];

const MAX_LISTED = 100;
const USUAL_LISTED = 20;
/** As long as the API lets a client wait. */
const MAX_WAIT_SECONDS = 30;
const WAIT = {
  wait: { value: 'SECONDS', about: `wait for the outcome (0 to ${MAX_WAIT_SECONDS})` },
};

/** `npm run ops -- orders …` */
export const ORDER_COMMANDS: Readonly<Record<string, Command<ApiTools>>> = {
  place: {
    words: [],
    about: 'places an order',
    options: {
      customer: { value: 'ID', about: "the customer's id; needed" },
      email: { value: 'ADDRESS', about: 'where mails go; needed' },
      name: { value: 'TEXT', about: "the customer's name" },
      line: { value: 'SKU=N', isMultiple: true, about: 'a product and how many; once a line' },
      'payment-method': { value: 'PM', about: 'a payment method of Stripe (pm_card_visa)' },
      key: { value: 'TEXT', about: 'the idempotency key (a new one)' },
      ...WAIT,
    },
    run: place,
  },
  show: { words: ['ORDER_ID'], about: 'an order as it stands', run: show },
  list: {
    words: [],
    about: 'orders, the latest first',
    options: {
      status: { value: 'STATUS', about: ORDER_STATUSES.join(', ') },
      customer: { value: 'ID', about: 'only those of this customer' },
      from: { value: 'TIME', about: 'placed at this time or later' },
      until: { value: 'TIME', about: 'placed before this time' },
      after: { value: 'ORDER_ID', about: 'the next page: those placed before this one' },
      limit: { value: 'N', about: `how many (${USUAL_LISTED})` },
    },
    run: list,
  },
  cancel: {
    words: ['ORDER_ID'],
    about: 'calls an order off',
    options: WAIT,
    question: (_, { words: [orderId] }) => `Cancel ${orderId}?`,
    run: cancel,
  },
  watch: {
    words: ['ORDER_ID'],
    about: 'tells what happens to an order until you stop it, or it is over',
    run: watchOrder,
  },
};

async function place({ client }: ApiTools, call: Call): Promise<Answer> {
  const name = textOption(call, 'name');
  const customer = {
    ...{ id: needed(call, 'customer'), email: needed(call, 'email') },
    ...(name === undefined ? {} : { name }),
  };
  const paymentMethod = textOption(call, 'payment-method') ?? 'pm_card_visa';
  const header = { 'Idempotency-Key': textOption(call, 'key') ?? randomUUID(), ...prefer(call) };
  const { data } = await answered(
    client.POST('/v1/orders', {
      params: { header },
      body: { customer, paymentMethod, lines: linesOf(call) },
    }),
  );
  return { data, lines: describe(data) };
}

function needed(call: Call, name: string): string {
  const text = textOption(call, name);
  if (text === undefined || text === '') throw new BadCall(`--${name} is needed`);
  return text;
}

function linesOf({ values }: Call) {
  const given = Array.isArray(values['line']) ? values['line'] : [];
  if (given.length === 0) throw new BadCall('--line is needed, such as --line TEA-EARL-GREY=2');
  return given.map((text) => {
    const [, sku = '', count = '1'] = /^([^=]+)(?:=(\d{1,6}))?$/.exec(String(text)) ?? [];
    if (sku === '') throw new BadCall(`--line takes SKU=N, not "${String(text)}"`);
    return { sku, quantity: Number(count) };
  });
}

function prefer(call: Call): { Prefer?: string } {
  const seconds = numberOption(call, 'wait', { min: 0, max: MAX_WAIT_SECONDS }) ?? 0;
  return seconds > 0 ? { Prefer: `wait=${seconds}` } : {};
}

async function show({ client }: ApiTools, { words }: Call): Promise<Answer> {
  const path = { id: words[0]! };
  const { data } = await answered(client.GET('/v1/orders/{id}', { params: { path } }));
  return { data, lines: describe(data) };
}

async function list({ client }: ApiTools, call: Call): Promise<Answer> {
  const status = textOption(call, 'status');
  if (status !== undefined && !isStatus(status)) {
    throw new BadCall(`--status takes ${ORDER_STATUSES.join(', ')}, not "${status}"`);
  }
  const query = {
    status,
    limit: numberOption(call, 'limit', { min: 1, max: MAX_LISTED }) ?? USUAL_LISTED,
    customer_id: textOption(call, 'customer'),
    starting_after: textOption(call, 'after'),
    created_from: timeOption(call, 'from')?.toISOString(),
    created_until: timeOption(call, 'until')?.toISOString(),
  };
  const { data } = await answered(client.GET('/v1/orders', { params: { query } }));
  const rows = data.data.map((order) => [
    ...[order.id, order.createdAt, order.status, order.paymentStatus, order.fulfilmentStatus],
    ...[order.customerId, amountOf(order)],
  ]);
  const head = ['ORDER', 'PLACED', 'STATUS', 'PAYMENT', 'PARCEL', 'CUSTOMER', 'TOTAL'];
  const more = data.has_more ? [`more: --after ${data.data.at(-1)!.id}`] : [];
  const lines = rows.length === 0 ? ['no such order'] : [...table(head, rows), ...more];
  return { data, lines };
}

function isStatus(text: string): text is Order['status'] {
  return (ORDER_STATUSES as readonly string[]).includes(text);
}

async function cancel({ client }: ApiTools, call: Call): Promise<Answer> {
  const params = { path: { id: call.words[0]! }, header: prefer(call) };
  const { data } = await answered(client.POST('/v1/orders/{id}/cancel', { params }));
  return { data, lines: describe(data) };
}

function describe(order: Order): string[] {
  const { outcomeCode, cancelRequested, needsAttention } = order;
  return [
    `${order.id}: ${order.status}${outcomeCode === null ? '' : ` (${outcomeCode})`}`,
    `payment ${order.paymentStatus}, parcel ${order.fulfilmentStatus}`,
    `customer ${order.customerId}, ${amountOf(order)}, placed ${order.createdAt}`,
    ...(cancelRequested ? ['it is being called off'] : []),
    ...(needsAttention ? ['a person has something to finish: npm run saga -- list'] : []),
    ...order.lines.map((line) => `  ${line.quantity} × ${line.sku}`),
  ];
}

function amountOf({ totalMinor, currency }: Order): string {
  return `${totalMinor} ${currency} minor units`;
}
