import { findLiveApiKey, noteApiKeysUsed, type ApiKey } from '../../db/api-keys';
import type { Database } from '../../db/database';
import { apiKeyId, hasHash } from './api-key';
import type { Caller } from './caller';
import type { Scope } from './scopes';

/** A key that was revoked works this long at most, in a process that has just looked. */
const TRUSTED_MS = 2_000;
/** More keys than are in use at once; then the oldest are looked up again. */
const MAX_KEPT = 5_000;
/** How often it is written down that keys were used. */
const NOTE_INTERVAL_MS = 15_000;

type KeptKey = ApiKey & { readonly secretHash: Buffer };

/** The keys of callers, looked up at most once in two seconds each. */
export class ApiKeys {
  readonly #kept = new Map<string, { key: Promise<KeptKey | undefined>; until: number }>();
  /** When each was used last, as far as it is not written down yet. */
  #used = new Map<string, Date>();
  readonly #noting = setInterval(() => void this.#noteUses(), NOTE_INTERVAL_MS).unref();

  constructor(private readonly db: Database) {}

  /** Whose key it is; undefined when it is unknown, expired, revoked, or no key at all. */
  async callerOf(text: string): Promise<Caller | undefined> {
    const id = apiKeyId(text);
    const key = id === undefined ? undefined : await this.#find(id);
    if (!key || !hasHash(text, key.secretHash)) return undefined;
    if (key.expiresAt && key.expiresAt.getTime() <= Date.now()) return undefined;
    this.#used.set(key.id, new Date());
    return {
      tenant: key.tenant,
      ...(key.customerId === null ? {} : { customerId: key.customerId }),
      scopes: key.scopes as readonly Scope[],
      credential: key.id,
    };
  }

  #find(id: string): Promise<KeptKey | undefined> {
    const kept = this.#kept.get(id);
    if (kept && kept.until > performance.now()) return kept.key;
    const key = findLiveApiKey(this.db, id);
    // A database that was away is asked again at once; an id that is none is remembered as well.
    key.catch(() => this.#kept.delete(id));
    this.#kept.delete(id);
    this.#kept.set(id, { key, until: performance.now() + TRUSTED_MS });
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return key;
  }

  /** Writes down what was used; a process that stops does it once more. */
  async close(): Promise<void> {
    clearInterval(this.#noting);
    await this.#noteUses();
  }

  /** What could not be written down is with the next uses. */
  async #noteUses(): Promise<void> {
    const used = this.#used;
    if (used.size === 0) return;
    this.#used = new Map();
    await noteApiKeysUsed(this.db, used).catch(() => {
      this.#used = new Map([...used, ...this.#used]);
    });
  }
}
