import type { Kysely } from 'kysely';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { consumerRole } from '../../db/consumers/migrate-consumer';
import { registeredGroups, unregisterGroup } from '../../db/consumers/registered-groups';
import { createDatabase, type DatabaseOptions } from '../../db/database';
import { Refusal } from './refusal';

/** An operator asks one thing after another. */
const CONNECTIONS_PER_GROUP = 1;

/** For what takes long, such as a rebuild, which empties tables of any size. */
const PATIENT_MS = 600_000;

/** There is no consumer group of this name. */
class UnknownGroup extends Refusal {
  override readonly name = 'UnknownGroup';
  constructor(group: string, known: readonly string[]) {
    super(`there is no consumer group "${group}"; there are ${known.join(', ') || 'none'}`);
  }
}

/** All consumer groups of a system, each with a small pool in its own role. */
export class Groups {
  readonly #opened = new Map<string, Promise<Kysely<RuntimeSchema>>>();
  readonly #archive: Kysely<unknown>;

  constructor(
    private readonly url: string,
    private readonly applicationName: string,
    /** What takes longer is given up. */
    private readonly statementTimeoutMs = PATIENT_MS,
    private readonly onPool?: DatabaseOptions['onPool'],
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
  tables(group: string): Promise<Kysely<RuntimeSchema>> {
    const opened = this.#opened.get(group) ?? this.#openTables(group);
    this.#opened.set(group, opened);
    return opened;
  }

  async #openTables(group: string): Promise<Kysely<RuntimeSchema>> {
    try {
      const known = await this.names();
      if (!known.includes(group)) throw new UnknownGroup(group, known);
      return this.#open<RuntimeSchema>(consumerRole(group), group);
    } catch (error) {
      // It may be there the next time.
      this.#opened.delete(group);
      throw error;
    }
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
    const opened = await Promise.allSettled(this.#opened.values());
    const pools = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all([this.#archive, ...pools].map((db) => db.destroy()));
  }

  #open<Schema>(role?: string, searchPath?: string): Kysely<Schema> {
    return createDatabase<Schema>({
      url: this.url,
      applicationName: this.applicationName,
      ...(role === undefined ? {} : { role }),
      ...(searchPath === undefined ? {} : { searchPath }),
      maxConnections: CONNECTIONS_PER_GROUP,
      statementTimeoutMs: this.statementTimeoutMs,
      onPool:
        this.onPool &&
        ((_, pool) => this.onPool!(`${this.applicationName}-${searchPath ?? 'archive'}`, pool)),
      onError: () => undefined,
    });
  }
}
