import fc from 'fast-check';
import type { ApiDocument, ApiOperation, Schema } from '../../dev/contract/check-answer';
import { broken, junk, valid } from './arbitrary';

/** A value that is filled in when it is sent: the `pick`-th of those known that fit. */
export interface Known {
  readonly pattern: string;
  readonly pick: number;
  /** Where none is known yet. */
  readonly otherwise: unknown;
}

/** A request that is to be sent. */
export interface FuzzRequest {
  readonly method: string;
  readonly template: string;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Undefined: none. */
  readonly body: string | undefined;
  readonly isAuthorized: boolean;
}

interface Place {
  readonly method: string;
  readonly template: string;
  readonly operation: ApiOperation;
}

const MAKING_WEIGHT = 3;

/** Requests of all operations, most of them good in most of their parts. */
export function anyRequest(document: ApiDocument): fc.Arbitrary<FuzzRequest> {
  const places = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, template, operation })),
  );
  // What makes things comes more often: the others need things that are there.
  const documented = places.map((place) => ({
    arbitrary: requestOf(place, document),
    weight: place.method === 'post' ? MAKING_WEIGHT : 1,
  }));
  const astray = fc.record({
    method: fc.constantFrom('patch', 'put', 'delete', 'options', 'head', 'post', 'get'),
    template: fc.constantFrom(...Object.keys(document.paths), '/v1', '/v2/orders', '//', '/%2e%2e'),
    path: fc.constant({}),
    query: fc.constant({}),
    headers: fc.constant({}),
    body: fc.constant(undefined),
    isAuthorized: fc.boolean(),
  });
  return fc.oneof(
    { arbitrary: fc.oneof(...documented), weight: 30 },
    { arbitrary: astray, weight: 1 },
  );
}

function requestOf({ method, template, operation }: Place, document: ApiDocument) {
  const { parameters = [] } = operation;
  const partsIn = (place: string) => parameters.filter((one) => one.in === place);
  return fc.record({
    method: fc.constant(method),
    template: fc.constant(template),
    path: fc.record(
      Object.fromEntries(
        partsIn('path').map(({ name, schema }) => [name, pathPart(schema, document)]),
      ),
    ),
    query: optionalParts(partsIn('query'), document, true),
    headers: optionalParts(partsIn('header'), document, false),
    body: bodyOf(operation, document),
    isAuthorized: mostly(true, false),
  });
}

/** Mostly what is known to be there, so that requests build on each other. */
function pathPart(schema: Schema, document: ApiDocument): fc.Arbitrary<unknown> {
  const made = valid(schema, document);
  const pattern = schema['pattern'];
  if (typeof pattern !== 'string') return fc.oneof({ arbitrary: made, weight: 9 }, junk);
  const known = fc.record({ pattern: fc.constant(pattern), pick: fc.nat(), otherwise: made });
  return fc.oneof({ arbitrary: known, weight: 8 }, made, junk);
}

type Parts = NonNullable<ApiOperation['parameters']>;

function optionalParts(parts: Parts, document: ApiDocument, mayBeUnknown: boolean) {
  const model = parts.map(({ name, schema }) => {
    const good = valid(schema, document);
    return [
      name,
      fc.oneof({ arbitrary: good, weight: 9 }, { arbitrary: junk, weight: 1 }),
    ] as const;
  });
  const needed = parts.filter(({ required }) => required).map(({ name }) => name);
  const named = fc.record(Object.fromEntries(model), { requiredKeys: [] });
  const complete = fc.record(Object.fromEntries(model), { requiredKeys: needed });
  const some = fc.oneof({ arbitrary: complete, weight: 12 }, { arbitrary: named, weight: 1 });
  if (!mayBeUnknown) return some;
  const unknown = fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), junk, { maxKeys: 1 });
  return fc
    .tuple(some, fc.oneof({ arbitrary: fc.constant({}), weight: 12 }, unknown))
    .map(([one, other]) => ({ ...one, ...other }));
}

function bodyOf(
  { requestBody }: ApiOperation,
  document: ApiDocument,
): fc.Arbitrary<string | undefined> {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return fc.constant(undefined);
  const good = valid(schema, document);
  return fc.oneof(
    { arbitrary: good.map((value) => JSON.stringify(value)), weight: 12 },
    { arbitrary: good.chain(broken).map((value) => JSON.stringify(value)), weight: 6 },
    { arbitrary: fc.string({ maxLength: 60 }), weight: 1 },
    { arbitrary: fc.constantFrom(undefined, '', '[', '{}', 'null', '"x"'), weight: 1 },
  );
}

function mostly<Value>(usual: Value, rare: Value): fc.Arbitrary<Value> {
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: 30 },
    { arbitrary: fc.constant(rare), weight: 1 },
  );
}
