import { v7 as uuidv7 } from 'uuid';
import { canonicalJson } from '../../events/canonical-json';
import { buildEvent, ENTRY_FIELDS } from '../../events/envelope';
import { ORDER_EVENT_SOURCE, OrderCreated } from '../../events/order-events';
import type { PublishableEvent } from '../../events/publish-once';
import { streamOf } from '../../events/streams';

/** As long as a sealed mail address is. */
const SEALED = 'x'.repeat(160);

/** A new order's `OrderCreated`, as large as those of real orders. */
export function sampleEvent(time = new Date(), customerId = `cus_${uuidv7()}`): PublishableEvent {
  const orderId = `ord_${uuidv7()}`;
  const event = buildEvent(OrderCreated, ORDER_EVENT_SOURCE, {
    ...{ subject: orderId, occurrence: 1, sequence: 1, time },
    data: {
      ...{ orderId, customerId, currency: 'EUR', totalMinor: 4_200 },
      lines: [{ sku: 'BENCH-A', quantity: 2, unitPriceMinor: 2_100 }],
      sealed: SEALED,
    },
  });
  return { id: event.id, type: event.type, key: orderId, body: canonicalJson(event) };
}

/** A plain XADD of the event: what publishing costs without any promise. */
export function plainXadd(event: PublishableEvent): string[] {
  return ['XADD', streamOf(event.key), '*', ...fieldsOf(event)];
}

const APPEND_ALL = `
for i = 1, #KEYS do
  redis.call('XADD', KEYS[i], '*', unpack(ARGV, 8 * i - 7, 8 * i))
end`;

/** Appends all these in one command: for a stream that is to be filled before anything is measured. */
export function appendAll(events: readonly PublishableEvent[]): string[] {
  const streams = events.map(({ key }) => streamOf(key));
  return ['EVAL', APPEND_ALL, String(streams.length), ...streams, ...events.flatMap(fieldsOf)];
}

function fieldsOf({ id, type, key, body }: PublishableEvent): string[] {
  const { id: idField, type: typeField, key: keyField, event } = ENTRY_FIELDS;
  return [idField, id, typeField, type, keyField, key, event, body];
}
