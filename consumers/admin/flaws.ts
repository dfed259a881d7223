import { ALL_EVENTS } from '../../events/all-events';
import { ENTRY_FIELDS, envelopeSchema } from '../../events/envelope';

/** Where an event is not as its schema wants it. */
export interface Flaw {
  /** `data.code`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Every difference between an entry's event and the schema of its type; none where there is none. */
export function flawsOf({ fields }: { readonly fields: Readonly<Record<string, string>> }): Flaw[] {
  const event = parse(fields[ENTRY_FIELDS.event]);
  if (event === undefined) return [{ path: '', message: 'this is no JSON' }];
  const envelope = envelopeSchema.safeParse(event);
  if (!envelope.success) return envelope.error.issues.map((issue) => flaw([], issue));
  const { type, data } = envelope.data;
  const contract = ALL_EVENTS.find((one) => one.type === type);
  if (!contract) return [{ path: 'type', message: `nobody here knows an event ${type}` }];
  const parsed = contract.dataSchema.safeParse(data);
  return parsed.success ? [] : parsed.error.issues.map((issue) => flaw(['data'], issue));
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function flaw(
  before: readonly string[],
  { path, message }: { readonly path: readonly PropertyKey[]; readonly message: string },
): Flaw {
  return { path: [...before, ...path.map(String)].join('.'), message };
}
