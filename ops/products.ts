import { randomUUID } from 'node:crypto';
import type { components } from '../api/client/schema';
import { answered, type ApiTools } from './api-tools';
import { BadCall, type Answer, type Call, type Command } from './command';
import { numberOption, textOption, whyOption } from './read-option';
import { table } from './table';

type Product = components['schemas']['Product'];

const MAX_LISTED = 100;
/** As the API has it. */
const MAX_PRICE_MINOR = 99_999_999;
const MAX_COUNT = 1_000_000_000;
const MAX_THRESHOLD = 1_000_000;
const CHANGE = {
  why: { value: 'TEXT', about: 'why, for the record; needed' },
  key: { value: 'TEXT', about: 'the idempotency key (a new one)' },
};

/** `npm run ops -- products …` */
export const PRODUCT_COMMANDS: Readonly<Record<string, Command<ApiTools>>> = {
  list: {
    words: [],
    about: 'products with prices and what can be sold',
    options: {
      low: { about: 'only those of which little is left' },
      after: { value: 'SKU', about: 'the next page' },
      limit: { value: 'N', about: `how many (${MAX_LISTED})` },
    },
    run: list,
  },
  show: { words: ['SKU'], about: 'a product, its stock and the last changes of it', run: show },
  save: {
    words: ['SKU'],
    about: 'adds a product, or changes what is said of one',
    options: {
      name: { value: 'TEXT', about: 'needed for a new one' },
      price: { value: 'MINOR', about: 'in minor units, such as cents; needed for a new one' },
      currency: { value: 'CODE', about: 'ISO 4217 (EUR)' },
      threshold: { value: 'N', about: 'with as many left, or fewer, it is low (0)' },
    },
    question: (_, { words: [sku] }) => `Save ${sku}?`,
    run: save,
  },
  adjust: {
    words: ['SKU'],
    about: 'changes stock by a difference',
    options: { delta: { value: 'N', about: 'such as 20, or --delta=-3; needed' }, ...CHANGE },
    question: (_, { words: [sku] }) => `Change the stock of ${sku}?`,
    run: (tools, call) => {
      const delta = countOption(call, 'delta', -MAX_COUNT);
      return change(tools, call, { kind: 'adjust', delta });
    },
  },
  set: {
    words: ['SKU'],
    about: 'sets stock to what was counted',
    options: { count: { value: 'N', about: 'how many are on the shelf; needed' }, ...CHANGE },
    question: (_, { words: [sku] }) => `Set the stock of ${sku}?`,
    run: (tools, call) => {
      const onHand = countOption(call, 'count', 0);
      return change(tools, call, { kind: 'set', onHand });
    },
  },
};

async function list({ client }: ApiTools, call: Call): Promise<Answer> {
  const query = {
    limit: numberOption(call, 'limit', { min: 1, max: MAX_LISTED }) ?? MAX_LISTED,
    starting_after: textOption(call, 'after'),
    ...(call.values['low'] === true ? { low_stock: true } : {}),
  };
  const { data } = await answered(client.GET('/v1/products', { params: { query } }));
  const rows = data.data.map((product) => [
    ...[product.sku, product.name, priceOf(product), product.available],
    product.isLow ? 'low' : '',
  ]);
  const more = data.has_more ? [`more: --after ${data.data.at(-1)!.sku}`] : [];
  const lines = table(['SKU', 'NAME', 'PRICE', 'AVAILABLE', ''], rows);
  return { data, lines: rows.length === 0 ? ['no such product'] : [...lines, ...more] };
}

function priceOf({ unitPriceMinor, currency }: Product): string {
  return `${unitPriceMinor} ${currency}`;
}

async function show({ client }: ApiTools, { words }: Call): Promise<Answer> {
  const params = { path: { sku: words[0]! } };
  const { data: product } = await answered(client.GET('/v1/products/{sku}', { params }));
  const { data: stock } = await answered(client.GET('/v1/products/{sku}/stock', { params }));
  const { data: changes } = await answered(
    client.GET('/v1/products/{sku}/stock-changes', { params }),
  );
  const rows = changes.data.map((one) => [
    ...[one.recordedAt, one.kind, one.delta, one.onHand, one.by, one.reason],
  ]);
  return {
    data: { product, stock, changes: changes.data },
    lines: [
      `${product.sku}: ${product.name}, ${priceOf(product)} minor units`,
      `on the shelf ${stock.onHand}, reserved ${stock.reserved}, available ${stock.available}`,
      ...(product.isLow ? ['little is left'] : []),
      '',
      ...table(['CHANGED', 'KIND', 'BY HOW MANY', 'ON SHELF', 'BY', 'WHY'], rows),
    ],
  };
}

/** What is not said stays as it is; a new product needs a name and a price. */
async function save({ client }: ApiTools, call: Call): Promise<Answer> {
  const params = { path: { sku: call.words[0]! } };
  const { data: before } = await client.GET('/v1/products/{sku}', { params });
  const name = textOption(call, 'name') ?? before?.name;
  const price = numberOption(call, 'price', { min: 0, max: MAX_PRICE_MINOR });
  const unitPriceMinor = price ?? before?.unitPriceMinor;
  if (name === undefined || unitPriceMinor === undefined) {
    throw new BadCall('a new product needs --name and --price');
  }
  const currency = textOption(call, 'currency') ?? before?.currency ?? 'EUR';
  const threshold = numberOption(call, 'threshold', { min: 0, max: MAX_THRESHOLD });
  const lowStockThreshold = threshold ?? before?.lowStockThreshold ?? 0;
  const body = { name, unitPriceMinor, currency, lowStockThreshold };
  const { data } = await answered(client.PUT('/v1/products/{sku}', { params, body }));
  return { data, lines: [`${data.sku}: ${data.name}, ${priceOf(data)} minor units`] };
}

async function change(
  { client }: ApiTools,
  call: Call,
  wanted: { kind: 'adjust'; delta: number } | { kind: 'set'; onHand: number },
): Promise<Answer> {
  const header = { 'Idempotency-Key': textOption(call, 'key') ?? randomUUID() };
  const { data } = await answered(
    client.POST('/v1/products/{sku}/stock-changes', {
      params: { path: { sku: call.words[0]! }, header },
      body: { ...wanted, reason: whyOption(call) },
    }),
  );
  return { data, lines: [`${data.sku}: ${data.onHand} on the shelf (${data.delta})`] };
}

function countOption(call: Call, name: string, min: number): number {
  const count = numberOption(call, name, { min, max: MAX_COUNT });
  if (count === undefined) throw new BadCall(`--${name} is needed`);
  return count;
}
