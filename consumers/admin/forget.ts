import { forgetPositions, readGroupStatus } from '../../db/consumers/group-status';
import type { Broker } from '../runtime/broker';
import type { Groups } from './groups';
import { Refusal } from './refusal';

/**
 * Forgets a group whose consumer is gone, so that its unread events hold trimming back no longer:
 * in the streams, and among the registered. Its tables stay for whoever wants to read them. Throws
 * while a member owns one of its partitions, or follow-up events wait to be published.
 */
export async function forgetGroup(groups: Groups, broker: Broker, group: string): Promise<void> {
  const tables = await groups.tables(group);
  const { partitions, unpublished } = await readGroupStatus(tables);
  if (partitions.some(({ member }) => member !== null)) {
    throw new Refusal(`${group} is at work: stop its processes first`);
  }
  if (unpublished > 0) throw new Refusal(`${group} has ${unpublished} events to publish: start it`);
  // One that is added again under its name begins anew.
  await forgetPositions(tables);
  for (const { stream } of partitions) {
    await broker.send(stream, ['XGROUP', 'DESTROY', stream, group]).catch(ifMissing);
  }
  await groups.unregister(group);
}

function ifMissing(error: unknown): void {
  if (!(error instanceof Error) || !/no such key|requires the key to exist/i.test(error.message))
    throw error;
}
