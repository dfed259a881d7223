import type { Delivery } from '../../db/inbox';
import { claim, listStale, type CommandClient, type GroupMember } from './stream-commands';

/** More than one read of a stream can have given a member; the rest would be taken over later. */
const BATCH = 100;

/**
 * Reads again what this member was given and has not settled: the reply was lost on its way, or
 * PostgreSQL was away. Only while nothing is under way here. Charged to nobody.
 */
export async function takeBackOwn(
  redis: CommandClient,
  stream: string,
  self: GroupMember,
): Promise<Delivery[]> {
  const query = { group: self.group, member: self.member, minIdleMs: 0, count: BATCH };
  const own = await listStale(redis, stream, query);
  const taken: Delivery[] = [];
  for (const { entryId, deliveries } of own) {
    const options = { entryIds: [entryId], minIdleMs: 0, deliveries };
    taken.push(...(await claim(redis, stream, self, options)));
  }
  return taken;
}
