import { existsSync } from 'node:fs';
import path from 'node:path';
import { readEnvironment } from '../platform/config';
import { SETTINGS_FILE } from './settings-file';

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

/** The innermost message: Temporal wraps a refusal several times. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? messageOf(error.cause) : error.message;
}
