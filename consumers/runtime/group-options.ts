import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Broker } from './broker';
import type { Reaction, Running } from './consumer';
import type { FollowUps } from './follow-ups';
import type { Observer } from './observer';
import type { AppendOnce } from './outbox-relay';
import type { ReadArchive } from './replay-loop';

/** What one member of a consumer group needs. */
export interface GroupOptions {
  readonly group: string;
  /** Never the name of an earlier process: what that one left must be seen as left. */
  readonly member: string;
  readonly running?: Running;
  readonly reactions: readonly Reaction<never>[];
  /** The group's schema, in its role; its transactions must idle for less than a lease. */
  readonly db: Kysely<RuntimeSchema>;
  readonly broker: Broker;
  /** All partitions of the topic. */
  readonly streams: readonly string[];
  /** What a member owns is taken over when it was not heard of for so long. */
  readonly leaseMs: number;
  readonly followUps: FollowUps & { readonly append: AppendOnce };
  readonly readArchive: ReadArchive;
  /** Calls back with what another member, or an operator, says has changed; '' when it may be anything. */
  readonly listen: (onChange: (what: string) => void) => { close(): Promise<void> };
  readonly logger: Logger;
  readonly observer?: Observer;
}

/** The channel on which the members of a group tell each other that something has changed. */
export function channelOf(group: string): string {
  return `consumers_${group}`;
}
