import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Client, Pool, types, type Connection, type PoolConfig } from 'pg';
import type { OrdersSchema } from './schema';

/**
 * Limits of every connection, shorter than an activity's 10 s, so that an attempt ends with its
 * own error before Temporal gives it up: PostgreSQL stops first, then the client stops waiting.
 */
const LOCK_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 4_000;
const ANSWER_MARGIN_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;

/** A new connection plans every statement anew, so one is kept over a lull… */
const IDLE_TIMEOUT_MS = 300_000;
/** …and kept known to whatever stands between and forgets silent ones. */
const KEEP_ALIVE_DELAY_MS = 30_000;

/** PostgreSQL's type number of `bigint`. */
const INT8_OID = 20;

/** The orchestrated side's database. */
export type Database = Kysely<OrdersSchema>;
/** One transaction on it. */
export type DatabaseTransaction = Transaction<OrdersSchema>;

/** How to reach a database, and as whom. */
export interface DatabaseOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** The role to enter after login; without it the login's own. */
  readonly role?: string;
  /** The schema that unqualified names mean. */
  readonly searchPath?: string;
  readonly maxConnections?: number;
  /** For what takes longer than an activity may, such as a migration. */
  readonly statementTimeoutMs?: number;
  /** For transactions that must not outlive something, such as a lease. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Told of errors of idle connections, which would otherwise end the process. */
  readonly onError: (error: Error) => void;
  /** Given the pool, for whoever measures it. */
  readonly onPool?: ((name: string, pool: Pool) => void) | undefined;
}

/** A pool of connections; `destroy()` closes it. Amounts come as numbers: they fit. */
export function createDatabase<Schema = OrdersSchema>(options: DatabaseOptions): Kysely<Schema> {
  const pool = new Pool({ ...poolConfig(options), Client: ImpatientClient });
  pool.on('error', options.onError);
  options.onPool?.(options.applicationName, pool);
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * A client that gives its connection up together with a query that it no longer waits for. Kept, it
 * would go back to the pool in the middle of a transaction, and the next user would commit it.
 */
class ImpatientClient extends Client {
  constructor(...config: ConstructorParameters<typeof Client>) {
    super(...config);
    // The pool listens only while a client is idle, and an error that nobody listens to ends the
    // process. Whoever uses the client hears of it by the query that fails.
    this.on('error', () => undefined);
  }

  override query: Client['query'] = ((...query: Parameters<Client['query']>) => {
    const answer = super.query(...prepared(query)) as unknown;
    if (answer instanceof Promise) answer.catch((error: unknown) => this.#breakOffAfter(error));
    return answer;
  }) as Client['query'];

  #breakOffAfter(error: unknown): void {
    if (!(error instanceof Error) || error.message !== 'Query read timeout') return;
    (this as unknown as { connection: Connection }).connection.stream.destroy();
  }
}

type Query = Parameters<Client['query']>;

/** Our statements are some dozens; more would be texts that are made of their values. */
const MAX_PREPARED = 500;
const preparedNames = new Map<string, string>();

const PLANNED_EACH_TIME_TEXT = '/* planned each time */';
/**
 * Begins a statement that is planned for as many rows as there are now. A plan that was made for an
 * empty table is kept until its statistics are new, and reads all of it.
 */
export const PLANNED_EACH_TIME = sql.raw(PLANNED_EACH_TIME_TEXT);

/** Planning a statement costs more than most of ours: each is planned once a connection. */
function prepared(query: Query): Query {
  const [text, values] = query as readonly unknown[];
  if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return query;
  if (text.startsWith(PLANNED_EACH_TIME_TEXT)) return query;
  let name = preparedNames.get(text);
  if (name === undefined) {
    if (preparedNames.size >= MAX_PREPARED) return query;
    preparedNames.set(text, (name = `s${preparedNames.size}`));
  }
  return [{ name, text, values }, ...query.slice(2)] as unknown as Query;
}

/** The settings of one connection, for those who need one outside a pool (LISTEN). */
export function poolConfig(options: DatabaseOptions): PoolConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    options: sessionSettings(options),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: statementTimeoutMs + ANSWER_MARGIN_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout:
      options.idleInTransactionTimeoutMs ?? IDLE_IN_TRANSACTION_TIMEOUT_MS,
    types: { getTypeParser: parserOf },
  };
}

function sessionSettings({ role, searchPath }: DatabaseOptions): string {
  const settings = { role, search_path: searchPath };
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

type TypeParser = (value: string) => unknown;

function parserOf(oid: number, format?: 'text' | 'binary'): TypeParser {
  return oid === INT8_OID ? Number : (types.getTypeParser(oid, format) as TypeParser);
}
