import { sql, type Kysely, type RawBuilder } from 'kysely';
import { registeredGroups } from './registered-groups';

/** An event as the archive has it. */
export interface ArchivedEvent {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly body: string;
  /** Where it stood in its stream, null when it is not published yet. */
  readonly streamId: string | null;
  /** Its place in the archive, for {@link ArchiveQuery.after}. */
  readonly cursor: string;
}

/** Which events of the archive; null where it does not matter. */
export interface ArchiveFilter {
  readonly fromTime: Date | null;
  readonly toTime: Date;
  readonly eventTypes: readonly string[] | null;
  readonly key: string | null;
}

/** A page of one partition's events. */
export interface ArchiveQuery extends ArchiveFilter {
  readonly stream: string;
  /** The cursor of the last event that was read, '' for the beginning. */
  readonly after: string;
  readonly limit: number;
}

/** A place that keeps events: the orders' journal, or the outbox of a consumer that produces. */
interface Source {
  readonly name: string;
  readonly table: RawBuilder<unknown>;
  readonly columns: RawBuilder<unknown>;
}

const JOURNAL: Source = {
  name: 'orders',
  table: sql`orders.journal`,
  columns: sql`journal_id as place, order_id as key, event_id, event_type, event_body as body,
               stream_id, recorded_at`,
};

/**
 * The next events of one partition, each key's in its order: first the orders' journal, then what
 * consumers said about it. Needs the role `tandem_archive`. What is not published
 * yet is among them: it comes by the stream again, and is known by its id.
 */
export async function readArchive(
  db: Kysely<unknown>,
  query: ArchiveQuery,
): Promise<ArchivedEvent[]> {
  const [reached = '', place = '0'] = query.after.split(':');
  const sources = await listSources(db);
  const start = Math.max(
    sources.findIndex(({ name }) => name === reached),
    0,
  );
  for (const [index, source] of sources.slice(start).entries()) {
    const events = await readSource(db, source, query, index === 0 ? Number(place) : 0);
    if (events.length > 0) return events;
  }
  return [];
}

/** How many events of each type a replay would read. */
export async function countArchive(
  db: Kysely<unknown>,
  filter: ArchiveFilter,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const source of await listSources(db)) {
    const { rows } = await sql<{ event_type: string; events: number }>`
      select event_type, count(*) as events from (select ${source.columns} from ${source.table}) as e
      where ${matches(filter)} group by event_type`.execute(db);
    for (const { event_type, events } of rows)
      counts[event_type] = (counts[event_type] ?? 0) + events;
  }
  return counts;
}

/** Whether an event of this id was ever recorded. */
export async function isArchived(db: Kysely<unknown>, eventId: string): Promise<boolean> {
  for (const { table, columns } of await listSources(db)) {
    const { rows } = await sql`
      select from (select ${columns} from ${table}) as e where event_id = ${eventId}`.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}

async function listSources(db: Kysely<unknown>): Promise<Source[]> {
  const outboxes = (await registeredGroups(db)).map((name): Source => ({
    name,
    table: sql`${sql.id(name)}.outbox`,
    columns: sql`outbox_id as place, key, event_id, event_type, body, stream_id, recorded_at`,
  }));
  return [JOURNAL, ...outboxes];
}

async function readSource(
  db: Kysely<unknown>,
  source: Source,
  query: ArchiveQuery,
  after: number,
): Promise<ArchivedEvent[]> {
  const { rows } = await sql<{
    place: number;
    key: string;
    event_id: string;
    event_type: string;
    body: string;
    stream_id: string | null;
  }>`
    select * from (select ${source.columns} from ${source.table}) as e
    where place > ${after} and ${matches(query)} and archive.stream_of(key) = ${query.stream}
    order by place limit ${query.limit}`.execute(db);
  return rows.map((row) => ({
    id: row.event_id,
    type: row.event_type,
    key: row.key,
    body: row.body,
    streamId: row.stream_id,
    cursor: `${source.name}:${row.place}`,
  }));
}

function matches({ fromTime, toTime, eventTypes, key }: ArchiveFilter): RawBuilder<unknown> {
  return sql`event_id is not null and recorded_at <= ${toTime}
    and (${fromTime}::timestamptz is null or recorded_at >= ${fromTime})
    and (${eventTypes}::text[] is null or event_type = any(${eventTypes}::text[]))
    and (${key}::text is null or key = ${key})`;
}
