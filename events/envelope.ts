import { z } from 'zod';

/** The longest event id: an order id, an event name and a counter fit three times over. */
const MAX_EVENT_ID_LENGTH = 200;

/** Digits of `sequence`: zero-padded, because CloudEvents sequences are compared as text. */
const SEQUENCE_DIGITS = 10;

/** The fields of a stream entry: `ce` is the whole event as JSON, the others are for tools. */
export const ENTRY_FIELDS = { id: 'id', type: 'type', key: 'key', event: 'ce' } as const;

const attributes = {
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(MAX_EVENT_ID_LENGTH),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  partitionkey: z.string().min(1),
  sequence: z.string().regex(new RegExp(`^\\d{${SEQUENCE_DIGITS}}$`)),
  correlationid: z.string().min(1),
  causationid: z.string().min(1).optional(),
  traceparent: z.string().min(1).optional(),
  tenant: z.string().min(1).optional(),
};

/**
 * What every event carries: CloudEvents 1.0 in structured JSON, with the extensions `partitionkey`
 * (the order), `sequence` (1, 2, 3, … for each order), `correlationid` (the order's journey),
 * `causationid` (the event that led to this one), `traceparent` (W3C, the trace that began it) and
 * `tenant` (who owns the order; {@link tenantOf} an event from before there were tenants).
 * Loose, so that a consumer keeps working when a producer adds a field.
 */
export const envelopeSchema = z.looseObject({ ...attributes, data: z.unknown() });

type Attributes = z.infer<z.ZodObject<typeof attributes>>;

/** An event whose `data` is known. */
export type EventOf<Data> = Attributes & { readonly data: Data };

/** An event as it travels, its `data` not yet checked. */
export type Envelope = EventOf<unknown>;

/** The published shape of one event in one version. */
export interface EventContract<Name extends string, Data> {
  readonly name: Name;
  /** CloudEvents `type`, version last. */
  readonly type: string;
  readonly dataSchema: z.ZodType<Data>;
}

/** Any contract, when only its name and type matter. */
export type AnyEventContract = EventContract<string, unknown>;

/** The facts from which an event is built. */
export interface EventFacts<Data> {
  readonly subject: string;
  /** Which one of its name for this subject, from 1; makes the id deterministic. */
  readonly occurrence: number;
  /** Position among the subject's events, from 1 without holes. */
  readonly sequence: number;
  readonly time: Date;
  readonly data: Data;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Declares one event; `type` ends with its version. */
export function defineEvent<Name extends string, Data>(
  name: Name,
  type: string,
  dataSchema: z.ZodType<Data>,
): EventContract<Name, Data> {
  return { name, type, dataSchema };
}

/** The id that this event has always and everywhere: `<subject>/<EventName>/<occurrence>`. */
export function eventId(contract: AnyEventContract, subject: string, occurrence = 1): string {
  return `${subject}/${contract.name}/${occurrence}`;
}

/** Who owned everything before there were tenants. */
export const FIRST_TENANT = 'shop';

/** Who owns what the event is about. */
export function tenantOf({ tenant }: Pick<Envelope, 'tenant'>): string {
  return tenant ?? FIRST_TENANT;
}

/** Builds the event; throws a ZodError when the facts do not fit its contract. */
export function buildEvent<Name extends string, Data>(
  contract: EventContract<Name, Data>,
  source: string,
  facts: EventFacts<Data>,
): EventOf<Data> {
  const data = contract.dataSchema.parse(facts.data);
  const envelope = envelopeSchema.parse({
    specversion: '1.0',
    id: eventId(contract, facts.subject, facts.occurrence),
    source,
    type: contract.type,
    subject: facts.subject,
    time: facts.time.toISOString(),
    datacontenttype: 'application/json',
    partitionkey: facts.subject,
    sequence: String(facts.sequence).padStart(SEQUENCE_DIGITS, '0'),
    correlationid: facts.subject,
    ...(facts.causationId ? { causationid: facts.causationId } : {}),
    ...(facts.traceparent ? { traceparent: facts.traceparent } : {}),
    ...(facts.tenant ? { tenant: facts.tenant } : {}),
    data,
  });
  return { ...envelope, data };
}
