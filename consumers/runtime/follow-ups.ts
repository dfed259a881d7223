import type { Transaction } from 'kysely';
import { addToOutbox, nextInOutbox } from '../../db/consumers/outbox';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { canonicalJson } from '../../events/canonical-json';
import { buildEvent, type Envelope } from '../../events/envelope';
import type { ReactionContext } from './consumer';

/** Where follow-up events go. */
export interface FollowUps {
  /** CloudEvents `source` of what this group says. */
  readonly source: string;
  /** The stream of the partition that has this key. */
  readonly streamOf: (key: string) => string;
}

/** CloudEvents `source` of what a group says. */
export function sourceOf(group: string): string {
  return `/tandem/${group}`;
}

type Publish = ReactionContext<never>['publish'];

/** Writes follow-up events into the outbox, in the transaction of the effect that they tell of. */
export function publishInto(
  tx: Transaction<RuntimeSchema>,
  { source, streamOf }: FollowUps,
  cause?: Pick<Envelope, 'id' | 'traceparent' | 'tenant'>,
): Publish {
  return async (contract, { subject, data }) => {
    const next = await nextInOutbox(tx, subject, contract.type);
    const event = buildEvent(contract, source, {
      subject,
      data,
      occurrence: next.occurrence,
      sequence: next.sequence,
      time: next.now,
      causationId: cause?.id,
      traceparent: cause?.traceparent,
      tenant: cause?.tenant,
    });
    await addToOutbox(tx, {
      id: event.id,
      type: event.type,
      key: event.partitionkey,
      body: canonicalJson(event),
      sequence: next.sequence,
      stream: streamOf(event.partitionkey),
    });
  };
}
