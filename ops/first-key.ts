import { makeApiKey } from '../api/callers/api-key';
import { TENANT_PATTERN } from '../api/callers/caller';
import { SCOPES } from '../api/callers/scopes';
import { hasLiveApiKey, saveApiKey } from '../db/api-keys';
import { createDatabase, type Database } from '../db/database';
import { FIRST_TENANT } from '../events/envelope';
import { loadConfig } from '../platform/config';
import { BadCall, type Answer, type Call, type Command } from './command';
import { textOption } from './read-option';

/** The database itself: where there is no key yet, the API lets nobody in. */
export interface AccessTools {
  readonly db: Database;
}

/** Opens it for one command. */
export async function withAccess<Result>(
  use: (tools: AccessTools) => Promise<Result>,
): Promise<Result> {
  const { DATABASE_URL } = loadConfig('DATABASE_URL');
  const db: Database = createDatabase({
    ...{ url: DATABASE_URL, applicationName: 'tandem-ops', role: 'tandem_orders' },
    ...{ maxConnections: 1, onError: () => undefined },
  });
  try {
    return await use({ db });
  } finally {
    await db.destroy();
  }
}

/** `npm run ops -- access …` */
export const ACCESS_COMMANDS: Readonly<Record<string, Command<AccessTools>>> = {
  'first-key': {
    words: [],
    about: 'makes the first API key, which may do everything and make others; shown this once',
    options: {
      tenant: { value: 'TENANT', about: `whose orders (${FIRST_TENANT})` },
      again: { about: 'also when there is such a key, which was lost: revoke it then' },
    },
    question: () => 'Make a key that may do everything?',
    run: makeFirstKey,
  },
};

async function makeFirstKey({ db }: AccessTools, call: Call): Promise<Answer> {
  const tenant = textOption(call, 'tenant') ?? FIRST_TENANT;
  if (!TENANT_PATTERN.test(tenant)) throw new BadCall('--tenant takes 1 to 63 of a-z, 0-9 and -');
  if (call.values['again'] !== true && (await hasLiveApiKey(db, 'ops'))) {
    throw new Error(
      'there is a live key with the scope ops: make others with npm run ops -- keys, or say --again if it is lost',
    );
  }
  const { id, key, secretHash } = makeApiKey();
  const createdBy = `login:${call.by}`;
  const facts = { id, secretHash, tenant, name: 'first', scopes: SCOPES, createdBy };
  const saved = await saveApiKey(db, { ...facts, customerId: null, expiresAt: null });
  if (!saved) throw new Error('there are as many live keys as there may be');
  const lines = [key, `${id} of ${tenant}; it is not shown again. Put it into TANDEM_API_KEY.`];
  return { data: { id, tenant, key }, lines };
}
