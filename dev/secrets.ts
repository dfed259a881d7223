import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeApiKey } from '../api/callers/api-key';

/** In each data folder, and the first thing in it. */
export const SECRETS_FILE = 'secrets.json';

/** Made once for a data folder, because the data in it depends on them. */
export interface Secrets {
  readonly postgresPassword: string;
  /** The value of EVENT_SEALING_KEYS. */
  readonly sealingKeys: string;
  /** The key with which everything here is allowed: for the launcher, the CLI and whoever tries the API. */
  readonly apiKey: string;
  /** Signs what the payment simulator tells the API. */
  readonly webhookSecret: string;
}

/** The secrets of this data folder, readable by its owner alone. */
export function secretsOf(folder: string): Secrets {
  const file = path.join(folder, SECRETS_FILE);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const secrets: Secrets = {
    postgresPassword: randomBytes(18).toString('base64url'),
    sealingKeys: `dev:${randomBytes(32).toString('base64url')}`,
    apiKey: makeApiKey().key,
    webhookSecret: `whsec_${randomBytes(24).toString('base64url')}`,
    ...kept,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
