import path from 'node:path';
import { freePort } from '../../dev/ports';
import type { Processes } from '../../dev/processes';
import { startRedis } from '../../dev/servers/redis';
import { waitFor } from '../../dev/wait';
import { createRedis, type Redis } from '../../platform/redis';

const START_TIMEOUT_MS = 30_000;
const NODES = 3;
const SLOTS = 16_384;

/** Starts a Redis Cluster of three masters on this machine; returns its REDIS_URL. */
export async function startRedisCluster(
  processes: Processes,
  folder: string,
  settings: readonly string[],
): Promise<string> {
  const ports = await Promise.all(Array.from({ length: NODES }, () => freePort()));
  for (const port of ports) {
    await startRedis(processes, {
      ...{ folder: path.join(folder, `node-${port}`), port, name: `redis-${port}` },
      settings: [
        ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
        ...['--cluster-require-full-coverage', 'no', ...settings],
      ],
    });
  }
  await join(ports);
  return `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join()}`;
}

async function join(ports: readonly number[]): Promise<void> {
  const nodes = await Promise.all(ports.map(openNode));
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const range = [index * share, Math.min((index + 1) * share, SLOTS) - 1].map(String);
    await node.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', ...range]);
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

async function openNode(port: number): Promise<Redis> {
  const url = `redis://127.0.0.1:${port}`;
  const node = createRedis({ url, name: 'join', use: 'commands', onError: () => undefined });
  await node.connect();
  return node;
}
