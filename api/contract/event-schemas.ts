import { z } from 'zod';
import { envelopeSchema, type AnyEventContract } from '../../events/envelope';

/** A JSON Schema (draft 2020-12), as far as this house uses it. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

/** The whole event as JSON Schema: its envelope, its `type`, and its data. */
export function schemaOf({ name, type, dataSchema }: AnyEventContract): JsonSchema {
  const envelope = z.toJSONSchema(envelopeSchema) as JsonSchema;
  const data = withoutDialect(z.toJSONSchema(dataSchema) as JsonSchema);
  return {
    ...envelope,
    title: name,
    properties: { ...envelope.properties, type: { const: type }, data },
    required: [...new Set([...(envelope.required ?? []), 'data'])],
  };
}

/** A schema inside another document, which says the dialect itself. */
export function withoutDialect(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$schema'));
}
