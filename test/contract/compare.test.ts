import { z } from 'zod';
import { breakingChanges } from '../../dev/contract/compare';
import { schemaOf } from '../../api/contract/event-schemas';
import { defineEvent } from '../../events/envelope';

const published = {
  orderId: z.string().min(1),
  totalMinor: z.int().positive(),
  note: z.string().optional(),
  lines: z.array(z.looseObject({ sku: z.string() })).min(1),
};

function changesTo(fields: Record<string, z.ZodType>): string[] {
  const schema = (shape: Record<string, z.ZodType>) =>
    schemaOf(defineEvent('Planted', 'planted.v1', z.looseObject(shape)));
  return breakingChanges(schema(published), schema(fields));
}

const { orderId, note, lines } = published;
const withoutTotal = { orderId, note, lines };

test.each<[string, Record<string, z.ZodType>, string]>([
  ['a removed field', withoutTotal, '.data.totalMinor: removed'],
  ['a retyped field', { ...published, totalMinor: z.string() }, '.data.totalMinor: retyped'],
  ['a narrower field', { ...published, orderId: z.string().min(9) }, '.data.orderId: retyped'],
  ['a wider field', { ...published, orderId: z.string() }, '.data.orderId: retyped'],
  [
    'a newly required field',
    { ...published, channel: z.string() },
    '.data.channel: newly required',
  ],
  ['an optional field made required', { ...published, note: z.string() }, '.data.note: newly'],
  [
    'a required field made optional',
    { ...published, orderId: z.string().min(1).optional() },
    '.data.orderId: no longer always there',
  ],
  [
    'a change inside a list',
    { ...published, lines: z.array(z.looseObject({ sku: z.int() })).min(1) },
    '.data.lines[].sku: retyped',
  ],
  [
    'a field that is a list no longer',
    { ...published, lines: z.looseObject({ sku: z.string() }) },
    '.data.lines: retyped',
  ],
  ['a closed object', {}, '.data.orderId: removed'],
])('refuses %s', (_name, fields, change) => {
  expect(changesTo(fields).join('\n')).toContain(change);
});

test('allows a new optional field, also inside a list', () => {
  const line = z.looseObject({ sku: z.string(), colour: z.string().optional() });
  const next = { ...published, gift: z.boolean().optional(), lines: z.array(line).min(1) };
  expect(changesTo(next)).toEqual([]);
  expect(changesTo(published)).toEqual([]);
});
