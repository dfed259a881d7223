import { randomUUID } from 'node:crypto';
import { ENTRY_FIELDS, type AnyEventContract } from '../events/envelope';
import { streamOf } from '../events/streams';
import type { System } from '../dev/system';
import { createRedis } from '../platform/redis';

/** Appends an entry of this event whose text is no event at all. */
export async function appendPoison(system: System, { name, type }: AnyEventContract) {
  const url = system.setting('REDIS_URL');
  const onError = () => undefined;
  const redis = createRedis({ url, name: 'contrast-poison', use: 'commands', onError });
  await redis.connect();
  try {
    const key = `ord_${randomUUID()}`;
    await redis.xAdd(streamOf(key), '*', {
      ...{ [ENTRY_FIELDS.id]: `${key}/${name}/1`, [ENTRY_FIELDS.type]: type },
      ...{ [ENTRY_FIELDS.key]: key, [ENTRY_FIELDS.event]: '{"data":' },
    });
  } finally {
    redis.destroy();
  }
}
