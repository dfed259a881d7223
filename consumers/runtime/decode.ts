import { z } from 'zod';
import type { Delivery } from '../../db/consumers/inbox';
import { ENTRY_FIELDS, envelopeSchema, type Envelope } from '../../events/envelope';
import type { Reaction } from './consumer';

/** What a delivery turns out to be. */
export type Decoded<Schema> =
  | { readonly kind: 'event'; readonly event: Envelope; readonly reaction: Reaction<Schema> }
  | { readonly kind: 'not_ours' }
  | { readonly kind: 'undecodable'; readonly error: string };

/** Reads the event out of a delivery and finds the reaction to it; never throws. */
export function decodeDelivery<Schema>(
  delivery: Delivery,
  reactions: readonly Reaction<Schema>[],
): Decoded<Schema> {
  try {
    const text = delivery.fields[ENTRY_FIELDS.event];
    if (text === undefined) return undecodable(`no field "${ENTRY_FIELDS.event}"`);
    const envelope = envelopeSchema.safeParse(JSON.parse(text));
    if (!envelope.success) return undecodable(z.prettifyError(envelope.error));

    const event: Envelope = envelope.data;
    const reaction = reactions.find(({ contract }) => contract.type === event.type);
    if (!reaction) return { kind: 'not_ours' };
    const data = reaction.contract.dataSchema.safeParse(event.data);
    if (!data.success) return undecodable(z.prettifyError(data.error));
    // It is ours: a copy of each costs as much as reading it.
    return { kind: 'event', event: Object.assign(event, { data: data.data }), reaction };
  } catch (error) {
    return undecodable(error instanceof Error ? error.message : String(error));
  }
}

function undecodable(error: string) {
  return { kind: 'undecodable', error } as const;
}
