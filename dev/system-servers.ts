import path from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Balancer } from './balancer';
import { isPortFree, freePort } from './ports';
import type { ReceivedMail } from './mail-sink/mailbox';
import type { OrdersApi } from './post-order';
import { Programs, type ProgramsOptions } from './programs';
import { secretsOf, type Secrets } from './secrets';
import { startPostgres } from './servers/postgres';
import { startRedis } from './servers/redis';
import { CLUSTER_NODES, startRedisCluster } from './servers/redis-cluster';
import { makeCurrent } from './servers/temporal-deployment';
import { registerNamespace } from './servers/temporal-namespace';
import { startTemporal, type TemporalFlavour } from './servers/temporal';

/** More than a test or a bench sends in ten seconds. */
const LIMITLESS = { RATE_LIMIT_CALLER: '10000000', RATE_LIMIT_ADDRESS: '10000000' };

/** How to bring up a system. */
export interface SystemOptions extends ProgramsOptions {
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
  /** Redis as a cluster of three masters, not as one server. */
  readonly isRedisCluster?: boolean;
  /** A namespace of Temporal other than its first; made where the server is ours. */
  readonly namespace?: string;
  /** The version of the saga workers, `name:build`; {@link SystemServers.routeToDeployment} once they run. */
  readonly deployment?: string;
  /** More of PostgreSQL's settings, `name=value`. */
  readonly postgresSettings?: readonly string[];
}

/** The servers of a system: ours, or those that are given; and the doubles of development. */
export class SystemServers extends Programs {
  protected readonly given: NodeJS.ProcessEnv;
  protected readonly secrets: Secrets;
  /** Stands before the API processes, where there may be several. */
  balancer: Balancer | undefined;
  uiPort: number | undefined;
  inboxPort: number | undefined;
  /** Temporal's own metrics. */
  metricsPort: number | undefined;

  constructor(protected readonly options: SystemOptions) {
    super(options);
    this.given = options.given ?? {};
    // What is measured, or broken on purpose, comes from one address as fast as it can.
    if (!options.usualPorts) Object.assign(this.settings, LIMITLESS);
    if (options.deployment) this.settings['WORKER_DEPLOYMENT'] = options.deployment;
    this.secrets = secretsOf(options.folder);
  }

  /** Where orders are posted, with the key of this system. */
  get ordersApi(): OrdersApi {
    return { url: this.apiUrl, apiKey: this.secrets.apiKey };
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.ports.get('api')}`;
  }

  /** Puts a balancer where the API is asked; its processes come behind it. */
  async startBalancer(): Promise<void> {
    this.balancer = new Balancer();
    await this.balancer.listen(await this.apiPort());
    this.settings['TRUSTED_PROXIES'] = '1';
  }

  /** The mails that have come, the oldest first; none where they go elsewhere. */
  async mails(): Promise<ReceivedMail[]> {
    if (this.inboxPort === undefined) return [];
    const response = await fetch(`http://127.0.0.1:${this.inboxPort}/mails.json`);
    return (await response.json()) as ReceivedMail[];
  }

  /** Temporal's namespace in which the sagas are. */
  get namespace(): string {
    return this.options.namespace ?? this.given['TEMPORAL_NAMESPACE'] ?? 'default';
  }

  /** New sagas start on the version that this system's workers have, if they have one. */
  async routeToDeployment(): Promise<void> {
    const { deployment: version } = this.options;
    if (version === undefined) return;
    const { connectionOptions: connection } = loadClientConnectConfig({
      overrideEnvVars: this.env as Record<string, string>,
    });
    await makeCurrent({ connection, namespace: this.namespace, version });
  }

  /** Ends everything that this system started. */
  async stop(): Promise<void> {
    this.balancer?.close();
    await this.processes.stopAll();
  }

  async startPostgres(): Promise<string> {
    this.settings['DATABASE_URL'] =
      this.given['DATABASE_URL'] ??
      (await startPostgres(this.processes, {
        folder: path.join(this.options.folder, 'postgres'),
        port: await this.port('postgres', 5432),
        password: this.secrets.postgresPassword,
        ...(this.options.postgresSettings ? { settings: this.options.postgresSettings } : {}),
      }));
    return withoutPassword(this.settings['DATABASE_URL']);
  }

  async startRedis(): Promise<string> {
    this.settings['REDIS_URL'] = this.given['REDIS_URL'] ?? (await this.startOwnRedis());
    return withoutPassword(this.settings['REDIS_URL']);
  }

  protected async startOwnRedis(): Promise<string> {
    const folder = path.join(this.options.folder, 'redis');
    if (!this.options.isRedisCluster) {
      return startRedis(this.processes, { folder, port: await this.port('redis', 6379) });
    }
    const ports: number[] = [];
    for (let i = 1; i <= CLUSTER_NODES; i += 1) ports.push(await this.port(`redis-${i}`, 7000 + i));
    return startRedisCluster(this.processes, { folder: `${folder}-cluster`, ports });
  }

  async startTemporal(): Promise<string> {
    const { namespace } = this.options;
    if (namespace !== undefined) this.settings['TEMPORAL_NAMESPACE'] = namespace;
    const given = this.given['TEMPORAL_ADDRESS'];
    if (given !== undefined) return (this.settings['TEMPORAL_ADDRESS'] = given);
    this.uiPort = await this.port('temporal-ui', 8233);
    this.settings['TEMPORAL_UI_URL'] = `http://127.0.0.1:${this.uiPort}`;
    const address = await startTemporal(this.processes, {
      folder: path.join(this.options.folder, 'temporal'),
      port: await this.port('temporal', 7233),
      uiPort: this.uiPort,
      metricsPort: (this.metricsPort = await freePort()),
      flavour: this.options.temporal ?? 'tuned',
    });
    if (namespace !== undefined) await registerNamespace(address, namespace);
    return (this.settings['TEMPORAL_ADDRESS'] = address);
  }

  /** The payment provider and the mail server of development, unless real ones are given. */
  async startDoubles(): Promise<void> {
    this.settings['EVENT_SEALING_KEYS'] =
      this.given['EVENT_SEALING_KEYS'] ?? this.secrets.sealingKeys;
    // Whoever tries webhooks here has a receiver here.
    this.settings['WEBHOOKS_ALLOW_LOOPBACK'] = this.given['WEBHOOKS_ALLOW_LOOPBACK'] ?? 'true';
    await Promise.all([
      this.startPaymentSimulator(),
      this.startMailSink(),
      this.startTraceViewer(),
    ]);
  }

  /** Traces go to the collector that is given, else to a viewer of our own, else nowhere. */
  protected async startTraceViewer(): Promise<void> {
    if (!this.options.withTraces || this.given['OTEL_EXPORTER_OTLP_ENDPOINT']) return;
    const port = await this.port('trace-viewer', 4318);
    const url = `http://127.0.0.1:${port}`;
    const args = ['--port', String(port)];
    this.processes.start(this.program('trace-viewer', 'dev/trace-viewer/main.ts', args));
    await this.waitForHttp('trace-viewer', `${url}/traces.json`);
    this.settings['OTEL_EXPORTER_OTLP_ENDPOINT'] = url;
    this.settings['TRACE_VIEWER_URL'] = url;
    // Whoever looks at an order that was just placed wants its trace.
    this.settings['OTEL_BSP_SCHEDULE_DELAY'] = '500';
  }

  /** The port on which the launcher lets the control room break this system. */
  async controlPort(): Promise<number> {
    await this.apiPort();
    const port = await this.port('control');
    this.settings['DEVELOPMENT_URL'] = `http://127.0.0.1:${port}`;
    return port;
  }

  /** Starts the payment simulator, also again on the port it had. */
  async startPaymentSimulator(): Promise<void> {
    const { STRIPE_API_KEY, STRIPE_API_BASE } = this.given;
    if (STRIPE_API_KEY !== undefined) {
      this.settings['STRIPE_API_KEY'] = STRIPE_API_KEY;
      if (STRIPE_API_BASE !== undefined) this.settings['STRIPE_API_BASE'] = STRIPE_API_BASE;
      return;
    }
    const port = await this.port('payment-simulator', 12111);
    const ledger = path.resolve(this.options.folder, 'payments.jsonl');
    const { webhookSecret } = this.secrets;
    this.settings['STRIPE_WEBHOOK_SECRETS'] = webhookSecret;
    await this.apiPort();
    const args = [
      ...['--port', String(port), '--ledger', ledger],
      ...(this.options.withoutWebhooks ? [] : this.webhookArgs(webhookSecret)),
    ];
    this.processes.start(this.program('payment-simulator', 'dev/payment-simulator/main.ts', args));
    this.settings['STRIPE_API_KEY'] = 'sk_test_simulator';
    this.settings['STRIPE_API_BASE'] = `http://127.0.0.1:${port}`;
    await this.waitForHttp('payment-simulator', `http://127.0.0.1:${port}/simulator/intents`);
  }

  protected webhookArgs(secret: string): string[] {
    return ['--webhook-url', `${this.apiUrl}/webhooks/payments`, '--webhook-secret', secret];
  }

  protected async startMailSink(): Promise<void> {
    const { SMTP_URL, MAIL_FROM } = this.given;
    if (MAIL_FROM !== undefined) this.settings['MAIL_FROM'] = MAIL_FROM;
    if (SMTP_URL !== undefined) {
      this.settings['SMTP_URL'] = SMTP_URL;
      return;
    }
    const smtpPort = await this.port('smtp', 1025);
    this.inboxPort = await this.port('inbox', 8025);
    this.processes.start(
      this.program('mail-sink', 'dev/mail-sink/main.ts', [
        ...['--smtp-port', String(smtpPort), '--http-port', String(this.inboxPort)],
        ...['--file', path.resolve(this.options.folder, 'mails.jsonl')],
      ]),
    );
    this.settings['SMTP_URL'] = `smtp://127.0.0.1:${smtpPort}`;
    await this.waitForHttp('mail-sink', `http://127.0.0.1:${this.inboxPort}/mails.json`);
  }

  protected async apiPort(): Promise<number> {
    const { apiPort } = this.options;
    if (apiPort === undefined || this.ports.has('api')) return this.port('api', 3000);
    if (!(await isPortFree(apiPort))) throw new Error(`port ${apiPort} is taken`);
    this.ports.set('api', apiPort);
    return apiPort;
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
