import { createDatabase, type Database } from '../db/database';

/** Runs `use` on a connection or two of its own, and closes them. */
export async function withDatabase<Result>(
  url: string,
  applicationName: string,
  use: (db: Database) => Promise<Result>,
): Promise<Result> {
  const db = createDatabase({
    ...{ url, applicationName, maxConnections: 2 },
    onError: () => undefined,
  });
  try {
    return await use(db);
  } finally {
    await db.destroy();
  }
}
