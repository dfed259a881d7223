import type { Kysely } from 'kysely';
import {
  listShipments,
  ship,
  type FulfilmentSchema,
  type ShipmentStatus,
} from '../consumers/fulfilment/shipments';
import { Refusal } from '../consumers/admin/refusal';
import { BadCall, type Answer, type Call, type Command } from './command';
import type { GroupTools } from './group-tools';
import { numberOption, textOption } from './read-option';
import { table } from './table';

const STATES: readonly ShipmentStatus[] = ['requested', 'shipped', 'stopped'];
const MAX_LISTED = 1_000;
const USUAL_LISTED = 50;
/** Longer than any carrier's name or number; both go into an event and a mail. */
const MAX_TEXT = 100;

/** `npm run ops -- shipments …` */
export const SHIPMENT_COMMANDS: Readonly<Record<string, Command<GroupTools>>> = {
  list: {
    words: [],
    about: 'shipments, the longest waiting first',
    options: {
      status: { value: 'STATUS', about: `${STATES.join(', ')} (requested)` },
      limit: { value: 'N', about: `how many (${USUAL_LISTED})` },
    },
    run: list,
  },
  ship: {
    words: ['ORDER_ID'],
    about: 'the parcel is with its carrier: the order cannot be cancelled any more',
    options: {
      carrier: { value: 'NAME', about: 'who carries it; needed' },
      tracking: { value: 'NUMBER', about: "the carrier's number; needed" },
    },
    question: (_, { words: [orderId] }) => `Say that ${orderId} is shipped?`,
    run: shipOrder,
  },
};

async function list(tools: GroupTools, call: Call): Promise<Answer> {
  const status = textOption(call, 'status') ?? 'requested';
  if (!isStatus(status)) throw new BadCall(`--status takes ${STATES.join(', ')}, not "${status}"`);
  const limit = numberOption(call, 'limit', { min: 1, max: MAX_LISTED }) ?? USUAL_LISTED;
  const found = await listShipments(await shipmentsOf(tools), { status, limit });
  const rows = found.map(({ orderId, customerId, requestedAt, carrier, trackingNumber }) => [
    ...[orderId, customerId ?? '-', requestedAt ?? '-', carrier ?? '-', trackingNumber ?? '-'],
  ]);
  const lines = table(['ORDER', 'CUSTOMER', 'REQUESTED', 'CARRIER', 'TRACKING'], rows);
  return { data: found, lines: found.length > 0 ? lines : [`no shipment is ${status}`] };
}

function isStatus(text: string): text is ShipmentStatus {
  return (STATES as readonly string[]).includes(text);
}

async function shipOrder(tools: GroupTools, call: Call): Promise<Answer> {
  const orderId = call.words[0]!;
  const parcel = { carrier: textOf(call, 'carrier'), trackingNumber: textOf(call, 'tracking') };
  const shipping = await ship(await shipmentsOf(tools), orderId, { ...parcel, by: call.by });
  if (shipping.outcome === 'unknown') throw new Refusal(`there is no shipment of ${orderId}`);
  if (shipping.outcome === 'stopped') {
    throw new Refusal(`the shipment of ${orderId} was stopped: the order is called off`);
  }
  if (shipping.outcome === 'shipped_before') {
    const { carrier, trackingNumber } = shipping;
    const isSame = carrier === parcel.carrier && trackingNumber === parcel.trackingNumber;
    if (!isSame) throw new Refusal(`${orderId} was shipped with ${carrier} as ${trackingNumber}`);
  }
  return { data: { orderId, ...parcel, ...shipping }, lines: [`${orderId} is shipped`] };
}

function textOf(call: Call, name: string): string {
  const text = textOption(call, name)?.trim() ?? '';
  // It goes into a mail.
  const isGood = text !== '' && text.length <= MAX_TEXT && !/[\u0000-\u001f\u007f]/.test(text);
  if (isGood) return text;
  throw new BadCall(`--${name} is needed, in one line of at most ${MAX_TEXT} characters`);
}

function shipmentsOf({ groups }: GroupTools): Promise<Kysely<FulfilmentSchema>> {
  // Its own tables stand beside the runtime's.
  return groups.tables('fulfilment') as Promise<unknown> as Promise<Kysely<FulfilmentSchema>>;
}
