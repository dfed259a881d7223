import { z } from 'zod';
import { ENTRY_FIELDS, envelopeSchema } from '../../events/envelope';
import type { DeadLetterDetails } from '../../db/consumers/dead-letter-list';
import { Refusal } from './refusal';

/** Ten times the largest event that we have; a claim check holds more. */
const MAX_EVENT_BYTES = 256 * 1024;

/** Why an edited event is refused. */
class BadEdit extends Refusal {
  override readonly name = 'BadEdit';
}

/**
 * The fields of a dead letter with another event: the same one in what it is (`id`, `type`,
 * `partitionkey`), mended in what it says. Throws {@link BadEdit}. What the dead letter's fields do
 * not tell, because they cannot be read, the edited event may.
 */
export function editedFields(
  { fields, eventId, eventType, key }: DeadLetterDetails,
  text: string,
): Record<string, string> {
  if (Buffer.byteLength(text) > MAX_EVENT_BYTES) {
    throw new BadEdit(`an event has at most ${MAX_EVENT_BYTES} bytes`);
  }
  const event = parse(text);
  refuseChange('id', eventId, event.id);
  refuseChange('type', eventType, event.type);
  refuseChange('partitionkey', key === '' ? null : key, event.partitionkey);
  return {
    ...fields,
    [ENTRY_FIELDS.id]: event.id,
    [ENTRY_FIELDS.type]: event.type,
    [ENTRY_FIELDS.key]: event.partitionkey,
    [ENTRY_FIELDS.event]: text,
  };
}

function parse(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadEdit(`this is no JSON: ${(error as Error).message}`);
  }
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) throw new BadEdit(`this is no event: ${z.prettifyError(envelope.error)}`);
  return envelope.data;
}

function refuseChange(name: string, before: string | null, now: string): void {
  if (before === null || before === now) return;
  throw new BadEdit(`"${name}" must stay "${before}": it would be another event`);
}
