import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../dev/ports';
import type { Processes } from '../../dev/processes';
import { findRedis, startRedis } from '../../dev/servers/redis';
import { waitFor } from '../../dev/wait';
import { createRedis } from '../../platform/redis';

const TIMEOUT_MS = 20_000;
/** A master that does not answer for so long is down. */
const DOWN_AFTER_MS = 500;
const MASTER = 'master';

/** A master, its replica and a Sentinel that watches over them. */
export interface SentinelSetup {
  readonly url: string;
  /** From now on the replica is given nothing more. */
  cutReplica(): Promise<void>;
  /** Kills the master; resolves when the replica has taken its place. */
  failOver(): Promise<void>;
}

/** Starts them on this machine. */
export async function startRedisSentinel(
  processes: Processes,
  folder: string,
): Promise<SentinelSetup> {
  const [masterPort, replicaPort, sentinelPort] = await freePorts();
  const master = { folder: path.join(folder, MASTER), port: masterPort, name: MASTER };
  await startRedis(processes, master);
  const replica = { folder: path.join(folder, 'replica'), port: replicaPort, name: 'replica' };
  await startRedis(processes, { ...replica, settings: ['--replicaof', `127.0.0.1 ${masterPort}`] });
  await untilInfo(replicaPort, /master_link_status:up/);
  startSentinel(processes, path.join(folder, 'sentinel'), { masterPort, sentinelPort });
  await untilInfo(sentinelPort, /slaves=1/);
  return {
    url: `redis+sentinel://127.0.0.1:${sentinelPort}/${MASTER}`,
    cutReplica: () => send(replicaPort, ['REPLICAOF', '127.0.0.1', '1']).then(() => undefined),
    async failOver() {
      process.kill(processes.pidOf(MASTER)!, 'SIGKILL');
      await untilInfo(replicaPort, /role:master/);
    },
  };
}

async function freePorts() {
  return [await freePort(), await freePort(), await freePort()] as const;
}

function startSentinel(
  processes: Processes,
  folder: string,
  { masterPort, sentinelPort }: { masterPort: number; sentinelPort: number },
): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'sentinel.conf');
  const watched = [
    `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} 1`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 5000`,
  ];
  const lines = [`port ${sentinelPort}`, 'bind 127.0.0.1', `dir ${folder}`, ...watched];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const args = [file, '--sentinel'];
  processes.start({ name: 'sentinel', command: findRedis()!, args, cwd: folder });
}

async function untilInfo(port: number, wanted: RegExp): Promise<void> {
  await waitFor(`${wanted} of ${port}`, TIMEOUT_MS, async () =>
    wanted.test(String(await send(port, ['INFO']))) ? true : undefined,
  );
}

async function send(port: number, args: readonly string[]): Promise<unknown> {
  const url = `redis://127.0.0.1:${port}`;
  const redis = createRedis({ url, name: 'test', use: 'commands', onError: () => undefined });
  await redis.connect();
  try {
    return await redis.sendCommand([...args]);
  } finally {
    redis.destroy();
  }
}
