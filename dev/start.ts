import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
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
import { System } from './system';

const USAGE = `npm start -- [--once] [--fresh] [--no-open] [--port PORT] [--data FOLDER]

  --once         place one order, print its journey, stop everything; exit 0 if all went well
  --fresh        begin with new data
  --no-open      do not open the control room in a browser
  --port PORT    the API's port (3000 if it is free, otherwise any)
  --data FOLDER  where the data, logs and pids are (.tandem)
  --help         this text`;

const MAX_PORT = 65_535;
const USUAL_DATA = '.tandem';

interface Flags {
  readonly once: boolean;
  readonly fresh: boolean;
  readonly opens: boolean;
  readonly port: number | undefined;
  readonly data: string;
}

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

function parseFlags(args: string[]): Flags | undefined {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string', default: USUAL_DATA },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= MAX_PORT)) {
    throw new Error(`--port takes a number from 1 to ${MAX_PORT}, not "${values.port}"`);
  }
  if (values.data === '') throw new Error('--data takes a folder');
  const { once, fresh, 'no-open': staysClosed } = values;
  return { once, fresh, opens: !staysClosed, port, data: path.resolve(values.data) };
}

async function run({ data, port, once, opens }: Flags): Promise<void> {
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
    given: checkedEnvironment(),
    withTraces: true,
    ...(port === undefined ? {} : { apiPort: port }),
    onEnd: (name, reason) => {
      console.error(
        `${name} ended (${reason}) and is started again; its log: ${system.processes.logFile(name)}`,
      );
    },
  });
  const closeControl = await startControlServer(system);
  try {
    const order = await Promise.race([start(system), interrupted]);
    if (!order && once) throw new Error('interrupted before the order had ended');
    if (!order || once) return;
    console.log(`\n${await links(system, order)}\n\nCtrl-C stops everything.`);
    if (opens) openPage(signedIn(system, '/now'));
    await interrupted;
  } finally {
    console.log('\nStopping …');
    closeControl();
    await system.processes.stopAll();
  }
}

/** Brings everything up, then places one order and tells its journey. */
async function start(system: System): Promise<FollowedOrder> {
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
          { concurrent: true, rendererOptions: { collapseSubtasks: false } },
        ),
    },
    {
      title: 'Schemas and catalogue',
      task: async () => {
        await system.prepareData();
        system.saveSettings();
      },
    },
    { title: 'Control room', task: buildPage },
    {
      title: 'Processes',
      task: (_, task) =>
        task.newListr(
          [
            { title: 'api', task: () => system.startService('api') },
            { title: 'saga-worker', task: () => system.startService('saga-worker') },
            { title: 'consumer-worker', task: () => system.startOtherConsumers() },
            { title: 'notification-worker', task: () => system.startNotificationWorker() },
          ],
          { concurrent: true, rendererOptions: { collapseSubtasks: false } },
        ),
    },
  ]).run();
  const order = await placeFirstOrder(system);
  console.log((await withTemporal(system, (client) => describeJourney(client, order))).join('\n'));
  return order;
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
          `Its saga      http://127.0.0.1:${uiPort}/namespaces/default/workflows/${saga}/${runId}/timeline`,
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
  return folder === path.resolve(USUAL_DATA) ? '' : ` --data ${folder}`;
}

function messageOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\n  ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
