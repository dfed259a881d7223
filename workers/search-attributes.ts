import type { NativeConnection } from '@temporalio/worker';
import { SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../workflows/messages';

/** Numbers of temporal.api.enums.v1.IndexedValueType. */
const INDEXED_VALUE_TYPES: Record<string, number> = {
  [SearchAttributeType.KEYWORD]: 2,
  [SearchAttributeType.INT]: 3,
};

/**
 * Registers the search attributes that a namespace lacks: no saga could be started without them.
 * Throws where that is not allowed to us (Temporal Cloud: register them there by hand).
 */
export async function registerSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter(({ name }) => !customAttributes?.[name]);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map(({ name, type }) => [name, INDEXED_VALUE_TYPES[type]!]),
    ),
  });
}
