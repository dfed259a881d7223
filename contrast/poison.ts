import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { System } from '../dev/system';
import { withRedis } from '../dev/with-redis';
import { ENTRY_FIELDS, type AnyEventContract } from '../events/envelope';
import { streamOf } from '../events/streams';
import { withTables } from './services';

/** Appends an entry of this event whose text is no event at all; says what the group has set aside. */
export async function poisonGroup(
  system: System,
  group: string,
  { name, type }: AnyEventContract,
): Promise<string> {
  const key = `ord_${randomUUID()}`;
  const stream = streamOf(key);
  const fields = [
    ...[ENTRY_FIELDS.id, `${key}/${name}/1`, ENTRY_FIELDS.type, type],
    ...[ENTRY_FIELDS.key, key, ENTRY_FIELDS.event, '{"data":'],
  ];
  await withRedis(system.setting('REDIS_URL'), 'contrast-poison', (redis) =>
    redis.send(stream, ['XADD', stream, '*', ...fields]),
  );
  return withTables(system, async (db) => {
    const { rows } = await sql<{ dead: number }>`
      select count(*)::int as dead from ${sql.table(`${group}.dead_letters`)}`.execute(db);
    return `set aside by ${group}: ${rows[0]!.dead} dead letter(s)`;
  });
}
