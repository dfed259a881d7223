import type { Kysely } from 'kysely';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { consumerRole } from '../../db/consumers/migrate-consumer';
import { registeredGroups, unregisterGroup } from '../../db/consumers/registered-groups';
import { createDatabase } from '../../db/database';
import { Refusal } from './refusal';

/** An operator asks one thing after another. */
const CONNECTIONS_PER_GROUP = 1;

/** A rebuild empties tables of any size. */
const STATEMENT_TIMEOUT_MS = 600_000;

/** There is no consumer group of this name. */
class UnknownGroup extends Refusal {
  override readonly name = 'UnknownGroup';
  constructor(group: string, known: readonly string[]) {
    super(`there is no consumer group "${group}"; there are ${known.join(', ') || 'none'}`);
  }
}

/** All consumer groups of a system, each with a small pool in its own role. */
export class Groups {
  readonly #opened = new Map<string, Kysely<RuntimeSchema>>();
  readonly #archive: Kysely<unknown>;

  constructor(
    private readonly url: string,
    private readonly applicationName: string,
  ) {
    this.#archive = this.#open<unknown>('tandem_archive');
  }

  /** Reads every event there ever was, and nothing else. */
  get archive(): Kysely<unknown> {
    return this.#archive;
  }

  /** The groups that have been migrated, by name. */
  names(): Promise<string[]> {
    return registeredGroups(this.#archive);
  }

  /** The group's own tables. Throws {@link UnknownGroup}. */
  async tables(group: string): Promise<Kysely<RuntimeSchema>> {
    const opened = this.#opened.get(group);
    if (opened) return opened;
    const known = await this.names();
    if (!known.includes(group)) throw new UnknownGroup(group, known);
    const db = this.#open<RuntimeSchema>(consumerRole(group), group);
    this.#opened.set(group, db);
    return db;
  }

  /** The group holds trimming back no longer; its tables stay. */
  async unregister(group: string): Promise<void> {
    // By the login itself: no group's role may touch another's registration.
    const db = this.#open<unknown>();
    try {
      await unregisterGroup(db, group);
    } finally {
      await db.destroy();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#archive, ...this.#opened.values()].map((db) => db.destroy()));
  }

  #open<Schema>(role?: string, searchPath?: string): Kysely<Schema> {
    return createDatabase<Schema>({
      url: this.url,
      applicationName: this.applicationName,
      ...(role === undefined ? {} : { role }),
      ...(searchPath === undefined ? {} : { searchPath }),
      maxConnections: CONNECTIONS_PER_GROUP,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      onError: () => undefined,
    });
  }
}
