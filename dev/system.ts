import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS_FILE } from '../ops/settings-file';
import { loadConsumers } from '../workers/consumer-registry';
import { seedApiKey } from './api-key';
import { seedCatalogue } from './catalogue';
import type { ProcessSpec } from './processes';
import { outputOf } from './servers/find-command';
import { SystemServers } from './system-servers';
import { waitFor } from './wait';

const RESTART_TIMEOUT_MS = 60_000;
const MIGRATE_TIMEOUT_MS = 120_000;

const NOTIFICATION = 'notification';
const NOTIFICATION_WORKER = 'notification-worker';

/** Our own processes. */
export const SERVICES = ['api', 'saga-worker', 'consumer-worker'] as const;
/** One of {@link SERVICES}. */
export type Service = (typeof SERVICES)[number];

const PROGRAMS: Record<Service, string> = {
  api: 'api/server.ts',
  'saga-worker': 'workers/saga-worker.ts',
  'consumer-worker': 'workers/consumer-worker.ts',
};

/** Everything that Tandem needs on one machine, part by part. */
export class System extends SystemServers {
  readonly #again = new Map<string, () => Promise<void>>();

  /** Brings the schemas up to date, as the code in this tree has them. */
  async migrate(root = this.root): Promise<void> {
    const { command, args, env } = this.program('migrate', 'workers/migrate.ts');
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
    await seedApiKey(this.setting('DATABASE_URL'), this.secrets.apiKey);
    await this.apiPort();
    this.settings['TANDEM_API_URL'] = this.apiUrl;
    this.settings['TANDEM_API_KEY'] = this.secrets.apiKey;
  }

  /** Starts one of our processes and waits until it is ready. */
  async startService(
    service: Service,
    more: Readonly<Record<string, string>> = {},
    restarts?: ProcessSpec['restarts'],
    name: string = service,
  ): Promise<void> {
    const spec = this.serviceProgram(name, service);
    const healthPort = await this.healthPort(name);
    const port = service === 'api' ? await this.backendPort(name) : healthPort;
    const ports = {
      ...(service === 'api' ? { API_PORT: String(port) } : {}),
      HEALTH_PORT: String(healthPort),
    };
    const env = { ...spec.env, ...more, ...ports };
    this.ended.delete(name);
    this.processes.start({ ...spec, env, ...(restarts ? { restarts } : {}) });
    await this.waitForHttp(name, `http://127.0.0.1:${port}/readyz`);
    if (service === 'api') this.balancer?.add(port);
    this.#again.set(name, () => this.startService(service, more, restarts, name));
  }

  /** As many of this service as are wanted; the first has its name, the others a number more. */
  async startReplicas(service: Service, count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => replicaName(service, i + 1));
    for (const name of names) {
      if (service === 'consumer-worker') await this.startOtherConsumers(name);
      else await this.startService(service, {}, undefined, name);
    }
  }

  /** What {@link restart} can start again, in the order in which it was started first. */
  get restartable(): readonly string[] {
    return [...this.#again.keys()];
  }

  /** Lets a process finish what it has begun, and starts it again as it was. */
  async restart(name: string): Promise<void> {
    await this.#stopService(name);
    await this.#again.get(name)!();
  }

  /** Lets a process finish what it has begun, for good. */
  async endService(name: string): Promise<void> {
    this.#again.delete(name);
    await this.#stopService(name);
  }

  /** An API process is given nothing new before. */
  async #stopService(name: string): Promise<void> {
    const port = this.ports.get(backendName(name));
    if (port !== undefined) this.balancer?.remove(port);
    await this.processes.stop(name);
  }

  /** Where the process of this name answers `/metrics`, alone among its ports known to nobody else. */
  protected async healthPort(name: string): Promise<number> {
    return this.port(name.startsWith('api') ? `${name}-health` : name);
  }

  /** The `/metrics` of a service. */
  async metricsUrl(service: Service): Promise<string> {
    return `http://127.0.0.1:${await this.healthPort(service)}/metrics`;
  }

  /** All consumers but the one that {@link startNotificationWorker} runs. */
  async startOtherConsumers(name: string = 'consumer-worker'): Promise<void> {
    const others = loadConsumers().filter(({ group }) => group !== NOTIFICATION);
    const groups = others.map(({ group }) => group).join(',');
    await this.startService('consumer-worker', { CONSUMER_GROUPS: groups }, undefined, name);
  }

  /** Notification in a process of its own, so that it can be stopped alone. */
  async startNotificationWorker(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const more = { ...settings, CONSUMER_GROUPS: NOTIFICATION };
    await this.startService('consumer-worker', more, undefined, NOTIFICATION_WORKER);
  }

  /** Writes the settings down for the operator's commands, readable by their owner alone. */
  saveSettings(): void {
    const lines = Object.entries(this.settings).map(([name, value]) => `${name}=${value}`);
    const file = path.join(this.options.folder, SETTINGS_FILE);
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  }

  /** Kills a process as a crash would, and waits until it is started again; returns both pids. */
  async killAndAwaitRestart(service: Service): Promise<{ killed: number; started: number }> {
    const killed = this.processes.pidOf(service);
    if (killed === undefined) throw new Error(`there is no ${service}`);
    process.kill(killed, 'SIGKILL');
    const started = await waitFor(`${service} to be started again`, RESTART_TIMEOUT_MS, () => {
      const pid = this.processes.pidOf(service);
      return pid === killed ? undefined : pid;
    });
    return { killed, started };
  }

  async waitUntilReady(service: Service): Promise<void> {
    await this.waitForHttp(service, `http://127.0.0.1:${await this.port(service)}/readyz`);
  }

  /** Where the API process of this name listens: behind the balancer, if there is one. */
  protected async backendPort(name: string): Promise<number> {
    return this.balancer ? this.port(backendName(name)) : this.apiPort();
  }

  protected serviceProgram(name: string, service: Service): ProcessSpec {
    const program = this.program(name, PROGRAMS[service]);
    const built = path.join('dist', PROGRAMS[service].replace(/ts$/, 'js'));
    return this.options.isBuilt ? { ...program, args: [built] } : program;
  }
}

/** The name of the first, the second, … process of a service. */
function replicaName(service: Service, number: number): string {
  return number === 1 ? service : `${service}-${number}`;
}

function backendName(name: string): string {
  return `${name}-behind`;
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
