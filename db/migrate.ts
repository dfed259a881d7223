import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Migrator, sql, type Kysely, type Migration, type MigrationProvider } from 'kysely';

const MIGRATIONS_FOLDER = path.join(__dirname, 'migrations');

/**
 * Brings the orchestrated side's schemas up to date; two at once wait for each other.
 * Returns the names of the migrations that ran.
 */
export async function migrateOrders(db: Kysely<unknown>): Promise<string[]> {
  return migrate(db, 'ops', { getMigrations: () => readMigrations(MIGRATIONS_FOLDER) });
}

/**
 * Runs what `provider` has and `schema` has not seen yet, by its table `list`; throws what the first
 * failing one threw.
 */
export async function migrate(
  db: Kysely<unknown>,
  schema: string,
  provider: MigrationProvider,
  list = 'kysely_migration',
): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider,
    migrationTableSchema: schema,
    migrationTableName: list,
    migrationLockTableName: `${list}_lock`,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName;
    throw new Error(`migration ${failed ?? ''} of schema ${schema} failed`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

/** A migration that is one text of SQL. Changes are not taken back: mend by another migration. */
export function sqlMigration(text: string): Migration {
  return {
    async up(db) {
      await sql.raw(text).execute(db);
    },
  };
}

/** The migrations of a folder: its `.sql` files. */
export async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const entries = files.map(async (file): Promise<[string, Migration]> => {
    const text = await readFile(path.join(folder, file), 'utf8');
    return [path.basename(file, '.sql'), sqlMigration(text)];
  });
  return Object.fromEntries(await Promise.all(entries));
}
