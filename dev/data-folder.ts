import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { SECRETS_FILE } from './secrets';
import { removePostgresData } from './servers/postgres';

/** What is kept for longer than one run; the secrets go last, because they say whose the rest is. */
const PARTS = ['postgres', 'redis', 'temporal', 'payments.jsonl', 'mails.jsonl', 'logs'];

/** Removes our data. Throws, and removes nothing, when the folder holds such files of others. */
export function removeData(folder: string): void {
  const parts = PARTS.map((name) => path.join(folder, name));
  const secrets = path.join(folder, SECRETS_FILE);
  const foreign = existsSync(secrets) ? undefined : parts.find((part) => existsSync(part));
  if (foreign !== undefined) {
    throw new Error(
      `${foreign} may be somebody else's: there is no ${SECRETS_FILE} beside it, which Tandem puts ` +
        'into each of its folders first. Remove it yourself, or take another folder with --data',
    );
  }
  removePostgresData(path.join(folder, 'postgres'));
  for (const part of [...parts, secrets]) rmSync(part, { recursive: true, force: true });
}
