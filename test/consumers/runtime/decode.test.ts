import { z } from 'zod';
import { on } from '../../../consumers/runtime/consumer';
import { decodeDelivery } from '../../../consumers/runtime/decode';
import type { Delivery } from '../../../db/consumers/inbox';
import { buildEvent, defineEvent } from '../../../events/envelope';

const Greeted = defineEvent('Greeted', 'test.greeted.v1', z.looseObject({ name: z.string() }));
const reactions = [on(Greeted, () => Promise.resolve({}))];

const event = buildEvent(Greeted, '/test', {
  subject: 'k1',
  occurrence: 1,
  sequence: 1,
  time: new Date(0),
  data: { name: 'Ada' },
});

const deliveryOf = (ce?: string): Delivery => ({
  stream: 's',
  entryId: '1-0',
  fields: ce === undefined ? {} : { ce },
});

test('finds the event and the reaction to it', () => {
  const decoded = decodeDelivery(deliveryOf(JSON.stringify(event)), reactions);
  expect(decoded).toMatchObject({ kind: 'event', event: { id: 'k1/Greeted/1' } });
});

test('leaves events alone that nobody here reacts to', () => {
  const other = JSON.stringify({ ...event, type: 'test.other.v1', data: 42 });
  expect(decodeDelivery(deliveryOf(other), reactions)).toEqual({ kind: 'not_ours' });
});

test.each([
  ['no event field', undefined],
  ['no JSON', '{"id":'],
  ['no object', '"text"'],
  ['no CloudEvent', '{"id":"x"}'],
  ['data that breaks the contract', JSON.stringify({ ...event, data: { name: 7 } })],
  ['no data', JSON.stringify({ ...event, data: undefined })],
])('says why it cannot decode an entry with %s', (_, ce) => {
  const decoded = decodeDelivery(deliveryOf(ce), reactions);
  expect(decoded).toMatchObject({ kind: 'undecodable', error: expect.any(String) as string });
});
