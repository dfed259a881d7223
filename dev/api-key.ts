import { apiKeyId, hashOf } from '../api/callers/api-key';
import { SCOPES } from '../api/callers/scopes';
import { FIRST_TENANT } from '../events/envelope';
import { withDatabase } from './with-database';
import { saveApiKey } from '../db/api-keys';

/** Lets a key of development in, for everything; one that is there already stays as it is. */
export async function seedApiKey(databaseUrl: string, key: string): Promise<void> {
  await withDatabase(databaseUrl, 'tandem-seed', async (db) => {
    const id = apiKeyId(key)!;
    const there = db.selectFrom('access.api_keys').select('key_id').where('key_id', '=', id);
    if (await there.executeTakeFirst()) return;
    await saveApiKey(db, {
      ...{ id, tenant: FIRST_TENANT, customerId: null, name: `npm start ${id}`, scopes: SCOPES },
      ...{ secretHash: hashOf(key), createdBy: 'npm start', expiresAt: null },
    });
  });
}
