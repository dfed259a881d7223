import { mkdirSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Listr, type ListrTask } from 'listr2';
import { checkedEnvironment } from '../platform/config';
import { orderSagaId } from '../workflows/messages';
import { startControlServer } from './control/server';
import { removeData } from './data-folder';
import { placeFirstOrder, type FollowedOrder } from './first-order';
import { box, describeJourney } from './journey';
import { lockFolder } from './launcher-lock';
import { endLeftovers } from './processes';
import { openPage } from './open-page';
import { buildPage } from './page';
import { parseFlags, USUAL_DATA, type Flags } from './start-flags';
import { outputOf } from './servers/find-command';
import { System, type Service } from './system';

const BUILD_TIMEOUT_MS = 180_000;

/** How tasks are run and shown that need not wait for each other. */
const SIDE_BY_SIDE = { concurrent: true, rendererOptions: { collapseSubtasks: false } } as const;

// Whoever read our output may be gone (`| head`): everything is stopped in order all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`\n${error instanceof Error ? messageOf(error) : String(error)}`);
    process.exit(1);
  },
);

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  if (!flags) return;
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error('npm start is for development: unset NODE_ENV');
  }
  mkdirSync(flags.data, { recursive: true });
  const unlock = lockFolder(flags.data);
  try {
    const left = await endLeftovers(flags.data);
    if (left.length > 0) console.log(`Ended what an earlier run left behind: ${left.join(', ')}`);
    if (flags.fresh) removeData(flags.data);
    await run(flags);
  } finally {
    unlock();
  }
}

async function run(flags: Flags): Promise<void> {
  const { data, port, once, opens, isRedisCluster, namespace, deployment, scale } = flags;
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort());
  }
  const interrupted = new Promise<undefined>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve(undefined));
  });
  const system = new System({
    folder: data,
    usualPorts: true,
    given: givenTo(flags),
    // Several processes of a kind are what a deployment has: as it is built, and without a viewer.
    ...{ withTraces: scale === undefined, isBuilt: scale !== undefined, isRedisCluster },
    ...(namespace === undefined ? {} : { namespace }),
    ...(deployment === undefined ? {} : { deployment }),
    ...(port === undefined ? {} : { apiPort: port }),
    onEnd: (name, reason) => {
      console.error(
        `${name} ended (${reason}) and is started again; its log: ${system.processes.logFile(name)}`,
      );
    },
  });
  const closeControl = await startControlServer(system);
  try {
    const order = await Promise.race([start(system, flags), interrupted]);
    if (!order && once) throw new Error('interrupted before the order had ended');
    if (!order || once) return;
    const seconds = Math.round(process.uptime());
    console.log(`\n${await links(system, order)}\n\nUp in ${seconds} s. Ctrl-C stops everything.`);
    if (opens) openPage(signedIn(system, '/now'));
    await interrupted;
  } finally {
    console.log('\nStopping …');
    closeControl();
    await system.stop();
  }
}

/** What the image has in it: the processes start at once, and the page has nothing to break. */
async function build(): Promise<void> {
  await outputOf('npm', ['run', '--silent', 'build'], BUILD_TIMEOUT_MS);
}

/** What the environment says of servers that are there already. */
function givenTo({ isRedisCluster }: Flags): NodeJS.ProcessEnv {
  const given = checkedEnvironment();
  if (isRedisCluster && given['REDIS_URL'] !== undefined) {
    throw new Error(
      '--redis cluster brings up a cluster, but REDIS_URL says that there is a Redis',
    );
  }
  return given;
}

/** Brings everything up, then places one order and tells its journey. */
async function start(system: System, flags: Flags): Promise<FollowedOrder> {
  await new Listr([
    {
      title: 'Servers',
      task: (_, task) =>
        task.newListr(
          [
            serverTask('PostgreSQL', () => system.startPostgres()),
            serverTask('Redis', () => system.startRedis()),
            serverTask('Temporal', () => system.startTemporal()),
            serverTask('Payment simulator and mail inbox', () => system.startDoubles()),
          ],
          SIDE_BY_SIDE,
        ),
    },
    {
      title: 'Schemas and catalogue',
      task: async () => {
        await system.prepareData();
        system.saveSettings();
      },
    },
    flags.scale
      ? { title: 'Build, as the image has it', task: build }
      : { title: 'Control room', task: buildPage },
    {
      title: 'Processes',
      task: (_, task) => task.newListr(ourProcesses(system, flags), SIDE_BY_SIDE),
    },
  ]).run();
  const order = await placeFirstOrder(system);
  console.log((await withTemporal(system, (client) => describeJourney(client, order))).join('\n'));
  return order;
}

function ourProcesses(system: System, { scale }: Flags): ListrTask[] {
  const count = (service: Service) => scale?.[service] ?? 1;
  const task = (service: Service): ListrTask => ({
    title: count(service) === 1 ? service : `${service}, ${count(service)} of them`,
    task: () => system.startReplicas(service, count(service)),
  });
  return [
    {
      title: 'api',
      task: async () => {
        if (scale) await system.startBalancer();
        await system.startReplicas('api', count('api'));
      },
    },
    {
      ...task('saga-worker'),
      async task() {
        await system.startReplicas('saga-worker', count('saga-worker'));
        await system.routeToDeployment();
      },
    },
    task('consumer-worker'),
    { title: 'notification-worker', task: () => system.startNotificationWorker() },
  ];
}

function serverTask(name: string, startServer: () => Promise<string | void>): ListrTask {
  return {
    title: name,
    task: async (_, task) => {
      const where = await startServer();
      if (where !== undefined) task.title = `${name} (${where})`;
    },
  };
}

async function withTemporal<T>(system: System, use: (client: Client) => Promise<T>): Promise<T> {
  const { connectionOptions, namespace } = loadClientConnectConfig({
    overrideEnvVars: system.env as Record<string, string>,
  });
  const connection = await Connection.connect(connectionOptions);
  try {
    return await use(new Client({ connection, ...(namespace ? { namespace } : {}) }));
  } finally {
    await connection.close();
  }
}

async function links(system: System, { orderId }: FollowedOrder): Promise<string> {
  const { uiPort, inboxPort, apiUrl, ordersApi } = system;
  const saga = orderSagaId(orderId);
  const runId = await withTemporal(system, async (client) => {
    const { runId: found } = await client.workflow.getHandle(saga).describe();
    return found;
  });
  return box([
    `Control room  ${signedIn(system, '/now')}`,
    `This order    ${signedIn(system, `/orders/${orderId}`)}`,
    `API           ${apiUrl}/docs`,
    `Its key       ${ordersApi.apiKey}`,
    `In a terminal npm run ops -- xray ${orderId}${dataOption(system)}`,
    ...(uiPort === undefined
      ? []
      : [
          `Its saga      http://127.0.0.1:${uiPort}/namespaces/${system.namespace}/workflows/${saga}/${runId}/timeline`,
        ]),
    ...(inboxPort === undefined ? [] : [`Mail inbox    http://127.0.0.1:${inboxPort}/`]),
    `Metrics       ${await system.metricsUrl('api')}`,
  ]);
}

/** A room of the control room, for who has no key yet. */
function signedIn({ apiUrl, ordersApi }: System, room: string): string {
  return `${apiUrl}/room#key=${ordersApi.apiKey}&to=${room}`;
}

/** Where the commands find a system whose data is not in the usual folder. */
function dataOption({ folder }: System): string {
  return folder === USUAL_DATA ? '' : ` --data ${folder}`;
}

function messageOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\n  ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
