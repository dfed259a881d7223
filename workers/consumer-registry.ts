import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { Consumer } from '../consumers/runtime/consumer';
import type { RuntimeSchema } from '../db/consumers/tables';

const CONSUMERS_FOLDER = path.join(__dirname, '..', 'consumers');

/** Any consumer, when its own tables do not matter. */
export type AnyConsumer = Consumer<z.ZodType, RuntimeSchema>;

/**
 * Every consumer there is: a file in `consumers/` that exports `consumer`. A file more is a
 * consumer more; nothing else has to know of it.
 */
export function loadConsumers(): AnyConsumer[] {
  return readdirSync(CONSUMERS_FOLDER)
    .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
    .sort()
    .map(loadConsumer);
}

function loadConsumer(file: string): AnyConsumer {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the names are not known before
  const loaded = require(path.join(CONSUMERS_FOLDER, file)) as { consumer?: AnyConsumer };
  if (!loaded.consumer) throw new Error(`consumers/${file} exports no "consumer"`);
  return loaded.consumer;
}

/** The consumers of these groups, all when none is named. Throws when a name is unknown. */
export function consumersNamed(groups: readonly string[]): AnyConsumer[] {
  const all = loadConsumers();
  const known = all.map(({ group }) => group);
  const unknown = groups.filter((group) => !known.includes(group));
  if (unknown.length > 0) {
    throw new Error(`no such consumer group: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  return groups.length === 0 ? all : all.filter(({ group }) => groups.includes(group));
}
