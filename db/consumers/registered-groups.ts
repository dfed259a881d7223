import { sql, type Kysely } from 'kysely';

/** The groups whose unsettled events hold the streams' trimming back, by name. */
export async function registeredGroups(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select group_name as name from archive.consumer_groups order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/** From now on the group's work holds the trimming back, and its outbox is part of the archive. */
export async function registerGroup(db: Kysely<unknown>, group: string): Promise<void> {
  await sql.raw(`grant usage on schema ${group} to tandem_archive`).execute(db);
  await sql.raw(`grant select on ${group}.outbox to tandem_archive`).execute(db);
  await sql`
    insert into archive.consumer_groups (group_name) values (${group})
    on conflict do nothing`.execute(db);
}

/** The group holds trimming back no longer; its tables stay. */
export async function unregisterGroup(db: Kysely<unknown>, group: string): Promise<void> {
  await sql`delete from archive.consumer_groups where group_name = ${group}`.execute(db);
}
