import fc from 'fast-check';
import type { ApiDocument, Schema } from '../../dev/contract/check-answer';

/** Deeper values than ours have would only be refused for their depth. */
const MAX_JUNK_DEPTH = 2;
const MAX_TEXT = 300;

/** Anything that JSON can say, and text that has hurt somebody. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: MAX_JUNK_DEPTH }),
  fc.constantFrom<unknown>(
    ...['', ' ', '\u0000', '\ud800', '\u2028', "'; drop table orders.orders; --", '%00', '../..'],
    ...['__proto__', 'constructor', 'NaN', '1e999', '9'.repeat(400), '-0', 'null', '{"a":1}'],
    ...[0, -0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63), null, true, [], {}, [[]], [null]],
  ),
);

/** Values that a schema allows, as far as it says so; what only code knows is sometimes refused. */
export function valid(schema: Schema, document: ApiDocument): fc.Arbitrary<unknown> {
  const { $ref, const: constant, enum: choices, oneOf, anyOf, type } = schema;
  if (typeof $ref === 'string') return valid(resolve($ref, document), document);
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  const alternatives = (oneOf ?? anyOf) as Schema[] | undefined;
  if (alternatives) return fc.oneof(...alternatives.map((one) => valid(one, document)));
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((one: unknown) => valid({ ...schema, type: one }, document)));
  }
  switch (type) {
    case 'object':
      return validObject(schema, document);
    case 'array':
      return validArray(schema, document);
    case 'integer':
    case 'number':
      return validInteger(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return validText(schema);
  }
}

function resolve($ref: string, { components }: ApiDocument): Schema {
  return components.schemas[$ref.split('/').at(-1)!] as Schema;
}

function validObject(schema: Schema, document: ApiDocument): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const model = Object.entries(properties).map(([name, one]) => [name, valid(one, document)]);
  const requiredKeys = (schema['required'] ?? []) as never[];
  return fc.record(Object.fromEntries(model) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys,
  });
}

function validArray(schema: Schema, document: ApiDocument): fc.Arbitrary<unknown> {
  const {
    items,
    minItems = 0,
    maxItems = 5,
  } = schema as {
    items: Schema;
    minItems?: number;
    maxItems?: number;
  };
  const length = { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) };
  return fc.array(valid(items, document), length);
}

function validInteger(schema: Schema): fc.Arbitrary<unknown> {
  const { minimum = -1_000, maximum = 1_000 } = schema as { minimum?: number; maximum?: number };
  return fc.maxSafeInteger().map((any) => {
    const span = maximum - minimum + 1;
    return minimum + (((any % span) + span) % span);
  });
}

function validText(schema: Schema): fc.Arbitrary<unknown> {
  const {
    pattern,
    format,
    minLength = 0,
    maxLength = MAX_TEXT,
    example,
  } = schema as {
    pattern?: string;
    format?: string;
    minLength?: number;
    maxLength?: number;
    example?: string;
  };
  if (format === 'email') return fc.nat(99).map((n) => `ada${n}@example.com`);
  if (format === 'date-time') {
    const range = { min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true };
    return fc.date(range).map((date) => date.toISOString());
  }
  const examples = example === undefined ? [] : [fc.constant(example)];
  if (pattern === undefined) {
    return fc.oneof(
      ...examples,
      fc.string({ minLength, maxLength: Math.min(maxLength, MAX_TEXT) }),
    );
  }
  const expression = new RegExp(pattern, 'u');
  // Text without some kinds of character: the generator cannot make it, but plain text mostly fits.
  const matching = pattern.includes('\\p{')
    ? fc.string({ maxLength: MAX_TEXT }).filter((text) => expression.test(text))
    : fc.stringMatching(expression, { size: 'small' });
  return fc.oneof(
    ...examples,
    matching.filter((text) => text.length >= minLength && text.length <= maxLength),
  );
}

/** The same, but for one thing that is wrong with it: a member, its name, or all of it. */
export function broken(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return junk;
  const entries = Object.entries(value);
  if (entries.length === 0) return junk;
  const replaced = fc
    .constantFrom(...entries)
    .chain(([name, member]) => broken(member).map((other) => withMember(value, name, other)));
  const without = fc.constantFrom(...entries).map(([name]) => withMember(value, name, undefined));
  const added = fc.tuple(fc.string({ maxLength: 20 }), junk);
  return fc.oneof(
    { arbitrary: replaced, weight: 6 },
    { arbitrary: without, weight: 2 },
    { arbitrary: added.map(([name, other]) => withMember(value, name, other)), weight: 1 },
    { arbitrary: junk, weight: 1 },
  );
}

function withMember(value: object, name: string, member: unknown): unknown {
  if (Array.isArray(value))
    return value.map((one, i) => (String(i) === name ? member : one) as unknown);
  return Object.fromEntries([...Object.entries({ ...value, [name]: member })]);
}
