import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database';

/** So that one key can replace another while both work. */
const MAX_LIVE_OF_A_NAME = 2;
/** More clients than a shop has. */
const MAX_LIVE_OF_A_TENANT = 200;

/** A key as it is shown: without the secret, which is kept nowhere. */
export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly customerId: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

const COLUMNS = sql`
  key_id as id, tenant, customer_id as "customerId", name, scopes, created_by as "createdBy",
  created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt",
  last_used_at as "lastUsedAt"`;

/** A key that is to be kept. */
export interface NewApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly customerId: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly secretHash: Buffer;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

/** Keeps a key; undefined when as many are live as there may be. */
export async function saveApiKey(db: Database, key: NewApiKey): Promise<ApiKey | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`keys ${key.tenant}`}, 0))`.execute(
      tx,
    );
    const { rows } = await sql<ApiKey>`
      insert into access.api_keys
        (key_id, tenant, customer_id, name, scopes, secret_hash, created_by, expires_at)
      select ${key.id}, ${key.tenant}, ${key.customerId}, ${key.name}, ${[...key.scopes]}::text[],
             ${key.secretHash}, ${key.createdBy}, ${key.expiresAt}::timestamptz
      where (select count(*) from access.api_keys where ${isLive()} and tenant = ${key.tenant}
               and name = ${key.name}) < ${MAX_LIVE_OF_A_NAME}
        and (select count(*) from access.api_keys
             where ${isLive()} and tenant = ${key.tenant}) < ${MAX_LIVE_OF_A_TENANT}
      returning ${COLUMNS}`.execute(tx);
    return rows[0];
  });
}

/** A live key with the hash of its secret; undefined for one that is unknown, expired or revoked. */
export async function findLiveApiKey(
  db: Database,
  id: string,
): Promise<(ApiKey & { readonly secretHash: Buffer }) | undefined> {
  const { rows } = await sql<ApiKey & { secretHash: Buffer }>`
    select ${COLUMNS}, secret_hash as "secretHash" from access.api_keys
    where key_id = ${id} and ${isLive()}`.execute(db);
  return rows[0];
}

/** Whether any live key has this scope. */
export async function hasLiveApiKey(db: Database, scope: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from access.api_keys where ${scope} = any (scopes) and ${isLive()} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** A page of keys, the latest first: their ids say nothing about their age. */
export async function listApiKeys(
  db: Database,
  { tenant, before, limit }: { tenant?: string; before?: string; limit: number },
): Promise<ApiKey[]> {
  const { rows } = await sql<ApiKey>`
    select ${COLUMNS} from access.api_keys
    where (${tenant ?? null}::text is null or tenant = ${tenant ?? null})
      and (${before ?? null}::text is null or (created_at, key_id) < (
        select created_at, key_id from access.api_keys where key_id = ${before ?? null}))
    order by created_at desc, key_id desc limit ${limit}`.execute(db);
  return rows;
}

/** Ends a key; the same again keeps who did it first. Undefined without such a key. */
export async function revokeApiKey(
  db: Database,
  id: string,
  by: string,
): Promise<ApiKey | undefined> {
  const { rows } = await sql<ApiKey>`
    update access.api_keys
    set revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, ${by})
    where key_id = ${id} returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Notes when keys were used last. */
export async function noteApiKeysUsed(
  db: Database,
  used: ReadonlyMap<string, Date>,
): Promise<void> {
  const uses = [...used].map(([id, at]) => ({ id, at: at.toISOString() }));
  await sql`
    update access.api_keys set last_used_at = greatest(last_used_at, at)
    from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as use (id text, at timestamptz)
    where key_id = id`.execute(db);
}

function isLive(): RawBuilder<unknown> {
  return sql`revoked_at is null and (expires_at is null or expires_at > now())`;
}
