import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../events/canonical-json';
import { buildEvent, ENTRY_FIELDS } from '../../events/envelope';
import { ORDER_EVENT_SOURCE, OrderCreated } from '../../events/order-events';
import type { PublishableEvent } from '../../events/publish-once';
import { partitionOf, streamKey } from '../../events/streams';

/** As long as a sealed mail address is. */
const SEALED = 'x'.repeat(160);

/** A new order's `OrderCreated`, as large as those of real orders. */
export function sampleEvent(
  time = new Date(),
  customerId = `cus_${randomUUID()}`,
): PublishableEvent {
  const orderId = `ord_${randomUUID()}`;
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
export function plainXadd({ id, type, key, body }: PublishableEvent): string[] {
  const fields = [ENTRY_FIELDS.id, id, ENTRY_FIELDS.type, type, ENTRY_FIELDS.key, key];
  return ['XADD', streamKey(partitionOf(key)), '*', ...fields, ENTRY_FIELDS.event, body];
}
