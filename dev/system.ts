import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS_FILE } from '../ops/settings-file';
import { loadConsumers } from '../workers/consumer-registry';
import { seedApiKey } from './api-key';
import { seedCatalogue } from './catalogue';
import { freePort, isPortFree } from './ports';
import type { OrdersApi } from './post-order';
import { Processes, type ProcessSpec } from './processes';
import { secretsOf, type Secrets } from './secrets';
import { outputOf } from './servers/find-command';
import { startPostgres } from './servers/postgres';
import { startRedis } from './servers/redis';
import { startTemporal, type TemporalFlavour } from './servers/temporal';
import { waitFor } from './wait';

const ROOT = path.join(__dirname, '..');
const READY_TIMEOUT_MS = 60_000;
const MIGRATE_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 3_000;

/** More than a test or a bench sends in ten seconds. */
const LIMITLESS = { RATE_LIMIT_CALLER: '10000000', RATE_LIMIT_ADDRESS: '10000000' };

const NOTIFICATION = 'notification';

/** The last lines of a log that explain why a process did not start. */
const LOG_TAIL_LINES = 15;

/** Our own processes. */
export const SERVICES = ['api', 'saga-worker', 'consumer-worker'] as const;
/** One of {@link SERVICES}. */
export type Service = (typeof SERVICES)[number];

const PROGRAMS: Record<Service, string> = {
  api: 'api/server.ts',
  'saga-worker': 'workers/saga-worker.ts',
  'consumer-worker': 'workers/consumer-worker.ts',
};

/** How to bring up a system. */
export interface SystemOptions {
  /** Where all its data, logs and pids are. */
  readonly folder: string;
  /** Take the usual ports where they are free; otherwise any free ones. */
  readonly usualPorts: boolean;
  /** Exactly this port for the API, or none. */
  readonly apiPort?: number;
  /** Settings that replace our own: DATABASE_URL, REDIS_URL, TEMPORAL_ADDRESS, … */
  readonly given?: NodeJS.ProcessEnv;
  /** Ours are `tuned`; the others are there to be measured against. */
  readonly temporal?: TemporalFlavour;
  /** No notifications of the payment simulator: what is measured then is the orders alone. */
  readonly withoutWebhooks?: boolean;
  /** Run our processes as `npm run build` made them: they start in a second. */
  readonly isBuilt?: boolean;
  /** Export traces to a viewer of our own: it costs as much CPU as the orders themselves. */
  readonly withTraces?: boolean;
  /** The tree whose programs are run: this checkout unless said otherwise. */
  readonly root?: string;
  /** More of PostgreSQL's settings, `name=value`. */
  readonly postgresSettings?: readonly string[];
  readonly onEnd?: (name: string, reason: string) => void;
}

/** Everything that Tandem needs on one machine, part by part. */
export class System {
  readonly processes: Processes;
  readonly #given: NodeJS.ProcessEnv;
  readonly #secrets: Secrets;
  readonly #ended = new Set<string>();
  readonly #env: Record<string, string>;
  readonly #ports = new Map<string, number>();
  uiPort: number | undefined;
  inboxPort: number | undefined;
  /** Temporal's own metrics. */
  metricsPort: number | undefined;

  constructor(private readonly options: SystemOptions) {
    this.#given = options.given ?? {};
    // What is measured, or broken on purpose, comes from one address as fast as it can.
    this.#env = options.usualPorts ? {} : { ...LIMITLESS };
    this.#secrets = secretsOf(options.folder);
    this.processes = new Processes(options.folder, (name, reason) => {
      this.#ended.add(name);
      options.onEnd?.(name, reason);
    });
  }

  /** The settings of every process of this system. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.#env };
  }

  /** A setting of this system that must be there by now. */
  setting(name: string): string {
    const value = this.#env[name];
    if (value === undefined) throw new Error(`${name} is not known yet`);
    return value;
  }

  get #root(): string {
    return this.options.root ?? ROOT;
  }

  /** The port that the process of this name was given; throws when it has none. */
  portOf(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new Error(`${name} has no port`);
    return port;
  }

  /** Where all its data, logs and pids are. */
  get folder(): string {
    return this.options.folder;
  }

  /** Where orders are posted, with the key of this system. */
  get ordersApi(): OrdersApi {
    return { url: this.apiUrl, apiKey: this.#secrets.apiKey };
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#ports.get('api')}`;
  }

  async startPostgres(): Promise<string> {
    this.#env['DATABASE_URL'] =
      this.#given['DATABASE_URL'] ??
      (await startPostgres(this.processes, {
        folder: path.join(this.options.folder, 'postgres'),
        port: await this.#port('postgres', 5432),
        password: this.#secrets.postgresPassword,
        ...(this.options.postgresSettings ? { settings: this.options.postgresSettings } : {}),
      }));
    return withoutPassword(this.#env['DATABASE_URL']);
  }

  async startRedis(): Promise<string> {
    this.#env['REDIS_URL'] =
      this.#given['REDIS_URL'] ??
      (await startRedis(this.processes, {
        folder: path.join(this.options.folder, 'redis'),
        port: await this.#port('redis', 6379),
      }));
    return withoutPassword(this.#env['REDIS_URL']);
  }

  async startTemporal(): Promise<string> {
    const given = this.#given['TEMPORAL_ADDRESS'];
    if (given !== undefined) return (this.#env['TEMPORAL_ADDRESS'] = given);
    this.uiPort = await this.#port('temporal-ui', 8233);
    this.#env['TEMPORAL_UI_URL'] = `http://127.0.0.1:${this.uiPort}`;
    return (this.#env['TEMPORAL_ADDRESS'] = await startTemporal(this.processes, {
      folder: path.join(this.options.folder, 'temporal'),
      port: await this.#port('temporal', 7233),
      uiPort: this.uiPort,
      metricsPort: (this.metricsPort = await freePort()),
      flavour: this.options.temporal ?? 'tuned',
    }));
  }

  /** The payment provider and the mail server of development, unless real ones are given. */
  async startDoubles(): Promise<void> {
    this.#env['EVENT_SEALING_KEYS'] =
      this.#given['EVENT_SEALING_KEYS'] ?? this.#secrets.sealingKeys;
    // Whoever tries webhooks here has a receiver here.
    this.#env['WEBHOOKS_ALLOW_LOOPBACK'] = this.#given['WEBHOOKS_ALLOW_LOOPBACK'] ?? 'true';
    await Promise.all([
      this.startPaymentSimulator(),
      this.#startMailSink(),
      this.#startTraceViewer(),
    ]);
  }

  /** Traces go to the collector that is given, else to a viewer of our own, else nowhere. */
  async #startTraceViewer(): Promise<void> {
    if (!this.options.withTraces || this.#given['OTEL_EXPORTER_OTLP_ENDPOINT']) return;
    const port = await this.#port('trace-viewer', 4318);
    const url = `http://127.0.0.1:${port}`;
    const args = ['--port', String(port)];
    this.processes.start(this.#program('trace-viewer', 'dev/trace-viewer/main.ts', args));
    await this.#waitForHttp('trace-viewer', `${url}/traces.json`);
    this.#env['OTEL_EXPORTER_OTLP_ENDPOINT'] = url;
    this.#env['TRACE_VIEWER_URL'] = url;
    // Whoever looks at an order that was just placed wants its trace.
    this.#env['OTEL_BSP_SCHEDULE_DELAY'] = '500';
  }

  /** The port on which the launcher lets the control room break this system. */
  async controlPort(): Promise<number> {
    await this.#apiPort();
    const port = await this.#port('control');
    this.#env['DEVELOPMENT_URL'] = `http://127.0.0.1:${port}`;
    return port;
  }

  /** Starts the payment simulator, also again on the port it had. */
  async startPaymentSimulator(): Promise<void> {
    const { STRIPE_API_KEY, STRIPE_API_BASE } = this.#given;
    if (STRIPE_API_KEY !== undefined) {
      this.#env['STRIPE_API_KEY'] = STRIPE_API_KEY;
      if (STRIPE_API_BASE !== undefined) this.#env['STRIPE_API_BASE'] = STRIPE_API_BASE;
      return;
    }
    const port = await this.#port('payment-simulator', 12111);
    const ledger = path.resolve(this.options.folder, 'payments.jsonl');
    const { webhookSecret } = this.#secrets;
    this.#env['STRIPE_WEBHOOK_SECRETS'] = webhookSecret;
    await this.#apiPort();
    const args = [
      ...['--port', String(port), '--ledger', ledger],
      ...(this.options.withoutWebhooks ? [] : this.#webhookArgs(webhookSecret)),
    ];
    this.processes.start(this.#program('payment-simulator', 'dev/payment-simulator/main.ts', args));
    this.#env['STRIPE_API_KEY'] = 'sk_test_simulator';
    this.#env['STRIPE_API_BASE'] = `http://127.0.0.1:${port}`;
    await this.#waitForHttp('payment-simulator', `http://127.0.0.1:${port}/simulator/intents`);
  }

  #webhookArgs(secret: string): string[] {
    return ['--webhook-url', `${this.apiUrl}/webhooks/payments`, '--webhook-secret', secret];
  }

  async #startMailSink(): Promise<void> {
    const { SMTP_URL, MAIL_FROM } = this.#given;
    if (MAIL_FROM !== undefined) this.#env['MAIL_FROM'] = MAIL_FROM;
    if (SMTP_URL !== undefined) {
      this.#env['SMTP_URL'] = SMTP_URL;
      return;
    }
    const smtpPort = await this.#port('smtp', 1025);
    this.inboxPort = await this.#port('inbox', 8025);
    this.processes.start(
      this.#program('mail-sink', 'dev/mail-sink/main.ts', [
        ...['--smtp-port', String(smtpPort), '--http-port', String(this.inboxPort)],
        ...['--file', path.resolve(this.options.folder, 'mails.jsonl')],
      ]),
    );
    this.#env['SMTP_URL'] = `smtp://127.0.0.1:${smtpPort}`;
    await this.#waitForHttp('mail-sink', `http://127.0.0.1:${this.inboxPort}/mails.json`);
  }

  /** Brings the schemas up to date, as the code in this tree has them. */
  async migrate(root = this.#root): Promise<void> {
    const { command, args, env } = this.#program('migrate', 'workers/migrate.ts');
    try {
      await outputOf(command, args, MIGRATE_TIMEOUT_MS, { cwd: root, ...(env ? { env } : {}) });
    } catch (error) {
      throw new Error(`the schemas could not be migrated: ${loggedReason(error)}`);
    }
  }

  /** Brings the schemas up to date, fills an empty catalogue and lets the launcher's key in. */
  async prepareData(): Promise<void> {
    await this.migrate();
    await seedCatalogue(this.setting('DATABASE_URL'));
    await seedApiKey(this.setting('DATABASE_URL'), this.#secrets.apiKey);
    await this.#apiPort();
    this.#env['TANDEM_API_URL'] = this.apiUrl;
    this.#env['TANDEM_API_KEY'] = this.#secrets.apiKey;
  }

  /** Starts one of our processes and waits until it is ready. */
  async startService(
    service: Service,
    more: Readonly<Record<string, string>> = {},
    restarts?: ProcessSpec['restarts'],
  ): Promise<void> {
    const port = service === 'api' ? await this.#apiPort() : await this.#port(service);
    const spec = this.#serviceProgram(service, service);
    const ports = {
      ...(service === 'api' ? { API_PORT: String(port) } : {}),
      HEALTH_PORT: String(await this.#healthPort(service)),
    };
    const env = { ...spec.env, ...more, ...ports };
    this.#ended.delete(service);
    this.processes.start({ ...spec, env, ...(restarts ? { restarts } : {}) });
    await this.waitUntilReady(service);
  }

  /** Where the process of this name answers `/metrics`, alone among its ports known to nobody else. */
  async #healthPort(name: string): Promise<number> {
    return this.#port(name === 'api' ? 'api-health' : name);
  }

  /** The `/metrics` of a service. */
  async metricsUrl(service: Service): Promise<string> {
    return `http://127.0.0.1:${await this.#healthPort(service)}/metrics`;
  }

  /** All consumers but the one that {@link startNotificationWorker} runs. */
  async startOtherConsumers(): Promise<void> {
    const others = loadConsumers().filter(({ group }) => group !== NOTIFICATION);
    const groups = others.map(({ group }) => group).join(',');
    await this.startService('consumer-worker', { CONSUMER_GROUPS: groups });
  }

  /** Notification in a process of its own, so that it can be stopped alone. */
  async startNotificationWorker(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const more = { ...settings, CONSUMER_GROUPS: NOTIFICATION };
    await this.startProgram('notification-worker', PROGRAMS['consumer-worker'], more);
  }

  /** A second saga worker: what one leaves behind the other takes over. */
  startSecondSagaWorker(
    more: Readonly<Record<string, string>>,
    restarts: NonNullable<ProcessSpec['restarts']>,
  ): void {
    const spec = this.#serviceProgram('saga-worker-2', 'saga-worker');
    this.processes.start({ ...spec, env: { ...spec.env, ...more, HEALTH_PORT: '0' }, restarts });
  }

  /** Starts a program of a bench or a test as one of ours; ready when it answers `/readyz`. */
  async startProgram(
    name: string,
    file: string,
    more: Readonly<Record<string, string>> = {},
    restarts?: ProcessSpec['restarts'],
    root = this.#root,
  ): Promise<number> {
    const port = await this.#port(name);
    const spec = { ...this.#program(name, file), ...(restarts ? { restarts } : {}), cwd: root };
    this.#ended.delete(name);
    this.processes.start({ ...spec, env: { ...spec.env, ...more, HEALTH_PORT: String(port) } });
    await this.#waitForHttp(name, `http://127.0.0.1:${port}/readyz`);
    return port;
  }

  /** Writes the settings down for the operator's commands, readable by their owner alone. */
  saveSettings(): void {
    const lines = Object.entries(this.#env).map(([name, value]) => `${name}=${value}`);
    const file = path.join(this.options.folder, SETTINGS_FILE);
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  }

  /** Kills a process as a crash would, and waits until it is started again; returns both pids. */
  async killAndAwaitRestart(service: Service): Promise<{ killed: number; started: number }> {
    const killed = this.processes.pidOf(service);
    if (killed === undefined) throw new Error(`there is no ${service}`);
    process.kill(killed, 'SIGKILL');
    const started = await waitFor(`${service} to be started again`, READY_TIMEOUT_MS, () => {
      const pid = this.processes.pidOf(service);
      return pid === killed ? undefined : pid;
    });
    return { killed, started };
  }

  async waitUntilReady(service: Service): Promise<void> {
    await this.#waitForHttp(service, `http://127.0.0.1:${await this.#port(service)}/readyz`);
  }

  async #apiPort(): Promise<number> {
    const { apiPort } = this.options;
    if (apiPort === undefined || this.#ports.has('api')) return this.#port('api', 3000);
    if (!(await isPortFree(apiPort))) throw new Error(`port ${apiPort} is taken`);
    this.#ports.set('api', apiPort);
    return apiPort;
  }

  /** The port of this name: the same for as long as this system lives. */
  async #port(name: string, usual = 0): Promise<number> {
    const known = this.#ports.get(name);
    if (known !== undefined) return known;
    const port = await freePort(this.options.usualPorts ? usual : 0);
    this.#ports.set(name, port);
    return port;
  }

  #serviceProgram(name: string, service: Service): ProcessSpec {
    const program = this.#program(name, PROGRAMS[service]);
    const built = path.join('dist', PROGRAMS[service].replace(/ts$/, 'js'));
    return this.options.isBuilt ? { ...program, args: [built] } : program;
  }

  #program(name: string, file: string, args: readonly string[] = []): ProcessSpec {
    return {
      name,
      command: process.execPath,
      args: ['--require', 'tsx/cjs', file, ...args],
      cwd: this.#root,
      env: this.env,
    };
  }

  async #waitForHttp(name: string, url: string): Promise<void> {
    const found = await waitFor(`${name} at ${url}`, READY_TIMEOUT_MS, async () => {
      if (this.#ended.has(name)) return new Error(`${name} ended:\n${this.#logTail(name)}`);
      const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      if (!response.ok) throw new Error(`it answers ${await response.text()}`);
      return 'ready';
    });
    if (found instanceof Error) throw found;
  }

  #logTail(name: string): string {
    const file = this.processes.logFile(name);
    if (!existsSync(file)) return '';
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}

/** What a command that failed logged as its last error, or all that it said. */
function loggedReason(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return (JSON.parse(lastLine) as { err: { message: string } }).err.message;
  } catch {
    return `${stdout}${stderr}`.trim() || String(error);
  }
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
