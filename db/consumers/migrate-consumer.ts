import path from 'node:path';
import { sql, type Kysely, type MigrationProvider } from 'kysely';
import { migrate, readMigrations, sqlMigration } from '../migrate';
import { registerGroup } from './registered-groups';

/** A consumer group's name is also its schema's and the end of its role's. */
const GROUP_NAME = /^[a-z][a-z0-9_]{0,40}$/;

const RUNTIME_MIGRATIONS = path.join(__dirname, 'migrations');

/** The role that a consumer's processes enter. */
export function consumerRole(group: string): string {
  return `tandem_${group}`;
}

/**
 * Brings a consumer's schema up to date: the runtime's tables, then the consumer's own migrations
 * in the order of their names; then registers the group. `db` must have the group as its search
 * path. Returns what ran.
 */
export async function migrateConsumer(
  db: Kysely<unknown>,
  group: string,
  migrations: Readonly<Record<string, string>>,
): Promise<string[]> {
  if (!GROUP_NAME.test(group)) throw new Error(`"${group}" is no name of a consumer group`);
  // Before the migrations, which may grant it something.
  await createRole(db, consumerRole(group));
  const runtime = { getMigrations: () => readMigrations(RUNTIME_MIGRATIONS) };
  const ran = [
    // A list of its own: the runtime's tables change at another pace than the consumer's.
    ...(await migrate(db, group, runtime, 'runtime_migration')),
    ...(await migrate(db, group, providerOf(migrations))),
  ];
  await grantSchema(db, group);
  await registerGroup(db, group);
  return ran;
}

function providerOf(texts: Readonly<Record<string, string>>): MigrationProvider {
  const migrations = Object.entries(texts).map(([name, text]) => [name, sqlMigration(text)]);
  return { getMigrations: () => Promise.resolve(Object.fromEntries(migrations)) };
}

async function createRole(db: Kysely<unknown>, role: string): Promise<void> {
  await sql
    .raw(
      `do $$ begin create role ${role} nologin;
       exception when duplicate_object or unique_violation then null; end $$`,
    )
    .execute(db);
  await sql.raw(`grant ${role} to current_user`).execute(db);
}

/** The consumer's role may use its own schema, and nothing else but what a migration grants. */
async function grantSchema(db: Kysely<unknown>, group: string): Promise<void> {
  const role = consumerRole(group);
  await sql.raw(`grant usage on schema ${group} to ${role}`).execute(db);
  await sql
    .raw(`grant select, insert, update, delete on all tables in schema ${group} to ${role}`)
    .execute(db);
  await sql.raw(`grant usage on all sequences in schema ${group} to ${role}`).execute(db);
}
