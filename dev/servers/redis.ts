import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { mkdirSync } from 'node:fs';
import type { Processes } from '../processes';
import { waitFor } from '../wait';
import { canInstallPackages, findCommand, installPackages, outputOf } from './find-command';

const START_TIMEOUT_MS = 60_000;
const DOCKER_TIMEOUT_MS = 30_000;
const DOCKER_IMAGE = 'redis:7.4-bookworm';

/** The line that fixes a missing Redis. */
export const REDIS_FIX =
  process.platform === 'darwin' ? 'brew install redis' : 'apt-get install -y redis-server';

/** The settings of every Redis that we start; docker-compose.yml has the same (a test compares). */
export const REDIS_SETTINGS = [
  ...['--appendonly', 'yes'],
  ...['--appendfsync', 'everysec'],
  // Eviction would drop whole streams with their groups.
  ...['--maxmemory-policy', 'noeviction'],
  // The ids of a window of time expire in one hash: freed at once, they would hold all others up.
  ...['--lazyfree-lazy-expire', 'yes'],
] as const;

/** The server on PATH. */
export function findRedis(): string | undefined {
  return findCommand('redis-server', 'valkey-server');
}

/** How to bring up a Redis server of our own. */
export interface RedisServerOptions {
  readonly folder: string;
  readonly port: number;
  readonly name?: string;
  /** More arguments of redis-server. */
  readonly settings?: readonly string[];
}

/** Starts a Redis of our own that keeps its data in `folder`; returns its URL. */
export async function startRedis(
  processes: Processes,
  { folder, port, name = 'redis', settings = [] }: RedisServerOptions,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { command, args } = await runner(folder, port);
  processes.start({ name, command, args: [...args, ...REDIS_SETTINGS, ...settings], cwd: folder });
  await waitFor('Redis', START_TIMEOUT_MS, () => ping(port));
  return `redis://127.0.0.1:${port}`;
}

/** A server on PATH, else Docker if an engine answers, else one that we install if we may. */
async function runner(folder: string, port: number): Promise<{ command: string; args: string[] }> {
  const binary = findRedis() ?? ((await hasDocker()) ? undefined : await installRedis());
  if (binary) {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--daemonize', 'no', '--save', ''];
    return { command: binary, args };
  }
  const name = `tandem-redis-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  // One that outlived its launcher: killing the client leaves the container.
  await outputOf('docker', ['rm', '--force', name], DOCKER_TIMEOUT_MS).catch(() => undefined);
  return {
    command: 'docker',
    args: [
      ...['run', '--rm', '--name', name, '-p', `127.0.0.1:${port}:6379`, '-v', `${folder}:/data`],
      ...[DOCKER_IMAGE, 'redis-server', '--save', ''],
    ],
  };
}

/** Whether a Docker engine answers (the client alone is not enough). */
export async function hasDocker(): Promise<boolean> {
  if (!findCommand('docker')) return false;
  return outputOf('docker', ['version', '--format', '{{.Server.Version}}'], 5_000).then(
    () => true,
    () => false,
  );
}

async function installRedis(): Promise<string> {
  if (canInstallPackages()) await installPackages('redis-server');
  const binary = findRedis();
  if (!binary) throw new Error(`there is no Redis on this machine. This fixes it: ${REDIS_FIX}`);
  return binary;
}

async function ping(port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 1_000 });
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      socket.destroy();
      if (reply.toString().startsWith('+PONG')) resolve(true);
      else reject(new Error(reply.toString()));
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
  });
}
