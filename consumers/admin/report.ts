import type { Kysely } from 'kysely';
import {
  readGroupStatus,
  type GroupStatus,
  type PartitionStatus,
} from '../../db/consumers/group-status';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Broker } from '../runtime/broker';
import { measureLag, type PartitionLag } from '../runtime/lag';

/** A partition of a group; its lag is null while Redis cannot say. */
interface PartitionReport extends PartitionStatus {
  readonly lag: PartitionLag | null;
}

/** How a group stands, and how far it is behind. */
export interface GroupReport extends Omit<GroupStatus, 'partitions'> {
  readonly group: string;
  /** `stopped`: nobody owns any of its partitions. `probing`: what it depends on is down. */
  readonly state: 'running' | 'probing' | 'paused' | 'stopped';
  readonly partitions: readonly PartitionReport[];
  /** Entries not settled, in all partitions; null when they cannot be counted. */
  readonly lagEntries: number | null;
  /** Of the partition that is furthest behind; null when Redis cannot say. */
  readonly lagSeconds: number | null;
}

/** What an operator wants to know of a group. Redis may be away; PostgreSQL may not. */
export async function reportGroup(
  db: Kysely<RuntimeSchema>,
  broker: Broker,
  group: string,
  /** Entries are counted no further in a partition. */
  maxCounted?: number,
): Promise<GroupReport> {
  const status = await readGroupStatus(db);
  const partitions = await Promise.all(
    status.partitions.map(async (partition) => ({
      ...partition,
      lag: await lagOf(broker, partition.stream, { group, maxCounted }),
    })),
  );
  const seconds = partitions.map(({ lag }) => lag && Math.max(lag.seconds, pendingFor(lag)));
  return {
    ...{ group, ...status, partitions, state: stateOf(status) },
    lagEntries: sum(partitions.map(({ lag }) => entriesOf(lag))),
    lagSeconds: seconds.some((one) => one === null) ? null : Math.max(0, ...(seconds as number[])),
  };
}

async function lagOf(
  broker: Broker,
  stream: string,
  { group, maxCounted }: { group: string; maxCounted: number | undefined },
) {
  try {
    return await measureLag(broker, stream, group, maxCounted);
  } catch {
    return null;
  }
}

function pendingFor({ oldestPendingSeconds }: Pick<PartitionLag, 'oldestPendingSeconds'>): number {
  return oldestPendingSeconds ?? 0;
}

function entriesOf(lag: PartitionReport['lag']): number | null {
  return lag === null || lag.entries === null ? null : lag.entries + lag.pending;
}

function sum(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce<number | null>(
    (total, one) => (total === null || one === null ? null : total + one),
    0,
  );
}

function stateOf({ pausedAt, partitions, members }: GroupStatus): GroupReport['state'] {
  if (pausedAt) return 'paused';
  if (partitions.every(({ member }) => member === null)) return 'stopped';
  const isProbing = members.some(
    ({ health }) => (health as { isBreakerOpen?: boolean }).isBreakerOpen,
  );
  return isProbing ? 'probing' : 'running';
}
