import path from 'node:path';
import { parseArgs } from 'node:util';
import { SERVICES, type Service } from './system';

const USAGE = `npm start -- [--once] [--fresh] [--no-open] [--port PORT] [--data FOLDER]
             [--scale SERVICE=COUNT,…] [--redis cluster] [--namespace NAME] [--deployment NAME:BUILD]

  --once         place one order, print its journey, stop everything; exit 0 if all went well
  --fresh        begin with new data
  --no-open      do not open the control room in a browser
  --port PORT    the API's port (3000 if it is free, otherwise any)
  --data FOLDER  where the data, logs and pids are (.tandem)
  --scale api=2,saga-worker=2,consumer-worker=2
                 so many processes of each, built as for the image, with a balancer before the API
                 (see npm run rolling-restart); no trace viewer, nothing to break
  --redis cluster
                 Redis as a cluster of three masters
  --namespace NAME
                 another namespace of Temporal, beside the one of before
  --deployment NAME:BUILD
                 saga workers with a version: an order finishes on the one with which it began
  --help         this text`;

/** Where the data is unless said otherwise. */
export const USUAL_DATA = path.resolve('.tandem');

const MAX_PORT = 65_535;
/** More processes of a kind than a machine for development has cores. */
const MAX_REPLICAS = 8;

/** How many processes of each service. */
type Scale = Readonly<Record<Service, number>>;

/** What was asked of `npm start`. */
export interface Flags {
  readonly once: boolean;
  readonly fresh: boolean;
  readonly opens: boolean;
  readonly port: number | undefined;
  readonly data: string;
  readonly scale: Scale | undefined;
  readonly isRedisCluster: boolean;
  readonly namespace: string | undefined;
  readonly deployment: string | undefined;
}

/** Undefined when help was asked for, and given. Throws on what cannot be meant. */
export function parseFlags(args: string[]): Flags | undefined {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string', default: USUAL_DATA },
      scale: { type: 'string' },
      redis: { type: 'string' },
      namespace: { type: 'string' },
      deployment: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  if (values.data === '') throw new Error('--data takes a folder');
  if (values.redis !== undefined && values.redis !== 'cluster') {
    throw new Error(`--redis takes "cluster", not "${values.redis}"`);
  }
  const { once, fresh, 'no-open': staysClosed } = values;
  return {
    ...{ once, fresh, opens: !staysClosed, data: path.resolve(values.data) },
    port: values.port === undefined ? undefined : portIn(values.port),
    scale: values.scale === undefined ? undefined : scaleIn(values.scale),
    isRedisCluster: values.redis === 'cluster',
    namespace: matching('--namespace', values.namespace, /^[\w-]{1,64}$/, 'a name'),
    deployment: matching(
      '--deployment',
      values.deployment,
      /^[\w-]{1,64}:[\w.-]{1,64}$/,
      'NAME:BUILD',
    ),
  };
}

function portIn(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= MAX_PORT) return port;
  throw new Error(`--port takes a number from 1 to ${MAX_PORT}, not "${text}"`);
}

function scaleIn(text: string): Scale {
  const scale = { api: 1, 'saga-worker': 1, 'consumer-worker': 1 };
  for (const part of text.split(',')) {
    const [, service, count] = /^([a-z-]+)=(\d+)$/.exec(part) ?? [];
    const isKnown = SERVICES.some((known) => known === service);
    if (!isKnown || Number(count) < 1 || Number(count) > MAX_REPLICAS) {
      const known = SERVICES.map((name) => `${name}=1…${MAX_REPLICAS}`).join(', ');
      throw new Error(`--scale takes ${known}, not "${part}"`);
    }
    scale[service as Service] = Number(count);
  }
  return scale;
}

function matching(
  flag: string,
  text: string | undefined,
  pattern: RegExp,
  what: string,
): string | undefined {
  if (text === undefined || pattern.test(text)) return text;
  throw new Error(`${flag} takes ${what}, not "${text}"`);
}
