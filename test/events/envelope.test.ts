import { buildEvent, envelopeSchema, eventId } from '../../events/envelope';
import { ORDER_EVENT_SOURCE, ORDER_EVENTS, PaymentCaptured } from '../../events/order-events';

const facts = {
  subject: 'ord_1',
  occurrence: 1,
  sequence: 2,
  time: new Date('2026-11-23T10:00:00Z'),
  data: { orderId: 'ord_1', customerId: 'cus_1', currency: 'EUR', totalMinor: 890 },
};

test('an event is a CloudEvent whose id follows from what it is about', () => {
  const event = buildEvent(PaymentCaptured, ORDER_EVENT_SOURCE, {
    ...facts,
    causationId: 'ord_1/OrderCreated/1',
  });
  expect(event).toMatchObject({
    specversion: '1.0',
    id: 'ord_1/PaymentCaptured/1',
    type: 'shop.payment.captured.v1',
    subject: 'ord_1',
    partitionkey: 'ord_1',
    correlationid: 'ord_1',
    causationid: 'ord_1/OrderCreated/1',
    sequence: '0000000002',
    time: '2026-11-23T10:00:00.000Z',
  });
  expect(envelopeSchema.safeParse(event).success).toBe(true);
});

test('refuses to build an event whose data breaks its contract', () => {
  const data = { ...facts.data, totalMinor: 8.9 };
  expect(() => buildEvent(PaymentCaptured, ORDER_EVENT_SOURCE, { ...facts, data })).toThrow(
    /totalMinor/,
  );
});

test('a consumer of today reads an event to which a field was added', () => {
  const event = buildEvent(PaymentCaptured, ORDER_EVENT_SOURCE, facts);
  const tomorrow = { ...event, newextension: 'x', data: { ...event.data, newField: 1 } };
  expect(envelopeSchema.safeParse(tomorrow).success).toBe(true);
  expect(PaymentCaptured.dataSchema.safeParse(tomorrow.data).success).toBe(true);
});

test('every event has a name, a type with its version, and an id of its own', () => {
  const types = ORDER_EVENTS.map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
  for (const type of types) expect(type).toMatch(/^shop\.[a-z]+\.[a-z]+\.v\d+$/);
  const ids = ORDER_EVENTS.map((contract) => eventId(contract, 'ord_1'));
  expect(new Set(ids).size).toBe(ids.length);
});
