import { existsSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { createDatabase, type Database } from '../db/database';
import { loadConfig, readEnvironment } from '../platform/config';
import { SETTINGS_FILE } from './settings-file';

/** Temporal must answer a person by then. */
const TIMEOUT_MS = 60_000;

/** What an operator's command works with. */
export interface Tools {
  readonly db: Database;
  readonly client: Client;
}

/**
 * Runs a command on the system that the environment names, or else on the one that `npm start` runs
 * with its data in `folder`. What goes wrong is one line on standard error, and exit code 1.
 */
export function runCommand(folder: string, command: (tools: Tools) => Promise<void>): void {
  const run = async () => {
    loadSettingsFile(folder);
    await withTools(command);
  };
  run().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
}

/**
 * The settings of the system that `npm start` runs; what the environment says is not replaced.
 * Throws where neither says anything of the setting that is `needed`.
 */
export function loadSettingsFile(folder: string, needed = 'DATABASE_URL'): void {
  const file = path.join(folder, SETTINGS_FILE);
  if (existsSync(file)) process.loadEnvFile(file);
  else if (!readEnvironment()[needed]) {
    throw new Error(
      `no npm start has run in ${folder}: say where with --data FOLDER, or set ${needed} and the others of .env.example`,
    );
  }
}

async function withTools(command: (tools: Tools) => Promise<void>): Promise<void> {
  const { DATABASE_URL } = loadConfig('DATABASE_URL');
  const db = createDatabase({
    url: DATABASE_URL,
    applicationName: 'tandem-ops',
    role: 'tandem_orders',
    maxConnections: 2,
    onError: () => undefined,
  });
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = Connection.lazy(connectionOptions);
  const client = new Client({ connection, ...(namespace === undefined ? {} : { namespace }) });
  try {
    await client.withDeadline(Date.now() + TIMEOUT_MS, () => command({ db, client }));
  } finally {
    await Promise.all([db.destroy(), connection.close()]);
  }
}

/** The innermost message: Temporal wraps a refusal several times. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? messageOf(error.cause) : error.message;
}
