import type { System } from '../system';

/** One API process more, so that there are never fewer than there were. */
const SURGE = 'api-surge';

/**
 * Starts all our processes anew, one after another, each when the one before is ready again: as a
 * Deployment of Kubernetes does with `maxUnavailable: 0`. Says a line of each that is back.
 */
export async function rollingRestart(system: System, say: (line: string) => void): Promise<void> {
  const names = system.restartable;
  const isApi = (name: string) => name.startsWith('api');
  for (const name of names.filter((one) => !isApi(one))) say(await restart(system, name));
  try {
    await system.startService('api', {}, undefined, SURGE);
    for (const name of names.filter(isApi)) say(await restart(system, name));
  } finally {
    await system.endService(SURGE);
  }
  say(`${system.balancer!.givenOn} requests were given to another API process`);
}

async function restart(system: System, name: string): Promise<string> {
  const [before, begun] = [system.processes.pidOf(name), performance.now()];
  await system.restart(name);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  return `${name}: pid ${before} is now ${system.processes.pidOf(name)}, ${seconds} s`;
}
