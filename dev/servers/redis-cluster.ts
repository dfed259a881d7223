import path from 'node:path';
import { createRedis, type Redis } from '../../platform/redis';
import type { Processes } from '../processes';
import { waitFor } from '../wait';
import { findRedis, hasDocker, REDIS_FIX, startRedis } from './redis';

const START_TIMEOUT_MS = 30_000;
const SLOTS = 16_384;

/** How many masters a cluster of ours has: the fewest that one can have. */
export const CLUSTER_NODES = 3;

/** How to bring up a cluster of our own. */
export interface ClusterOptions {
  readonly folder: string;
  /** Those of its {@link CLUSTER_NODES} nodes. */
  readonly ports: readonly number[];
  /** More arguments of each redis-server. */
  readonly settings?: readonly string[];
}

/** Starts a Redis Cluster of masters on this machine, again with what it had; returns its REDIS_URL. */
export async function startRedisCluster(
  processes: Processes,
  { folder, ports, settings = [] }: ClusterOptions,
): Promise<string> {
  if (!findRedis() && (await hasDocker())) {
    // The nodes of a container could not reach each other by the addresses that clients use.
    throw new Error(`a cluster needs Redis on this machine itself. This fixes it: ${REDIS_FIX}`);
  }
  await Promise.all(
    ports.map((port, i) =>
      startRedis(processes, {
        ...{ folder: path.join(folder, `node-${i + 1}`), port, name: `redis-${i + 1}` },
        settings: [
          ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
          ...['--cluster-require-full-coverage', 'no', ...settings],
        ],
      }),
    ),
  );
  await join(ports);
  return `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join()}`;
}

/** Nodes that were a cluster before keep their slots, and learn each other's new ports. */
async function join(ports: readonly number[]): Promise<void> {
  const nodes = await Promise.all(ports.map(openNode));
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const range = [index * share, Math.min((index + 1) * share, SLOTS) - 1].map(String);
    if (!(await hasSlots(node))) await node.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', ...range]);
    if (index > 0) await node.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(ports[0])]);
  }
  await waitFor('the cluster', START_TIMEOUT_MS, async () => {
    const infos = await Promise.all(nodes.map((node) => node.sendCommand(['CLUSTER', 'INFO'])));
    const isReady = (info: unknown) =>
      /cluster_state:ok/.test(String(info)) &&
      new RegExp(`cluster_slots_ok:${SLOTS}`).test(String(info)) &&
      new RegExp(`cluster_known_nodes:${nodes.length}`).test(String(info));
    return infos.every(isReady) ? true : undefined;
  });
  for (const node of nodes) node.destroy();
}

async function hasSlots(node: Redis): Promise<boolean> {
  const known = await node.sendCommand<string>(['CLUSTER', 'NODES']);
  return known.split('\n').some((line) => / myself,/.test(` ${line}`) && /connected \d/.test(line));
}

async function openNode(port: number): Promise<Redis> {
  const url = `redis://127.0.0.1:${port}`;
  const node = createRedis({ url, name: 'join', use: 'commands', onError: () => undefined });
  await node.connect();
  return node;
}
