import { existsSync, readFileSync } from 'node:fs';
import { ROOT } from './copied-tree';
import { freePort } from './ports';
import { Processes, type ProcessSpec } from './processes';
import { TYPESCRIPT } from './typescript';
import { waitFor } from './wait';

const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 3_000;

/** The last lines of a log that explain why a process did not start. */
const LOG_TAIL_LINES = 15;

/** Where programs are run, and how. */
export interface ProgramsOptions {
  /** Where all data, logs and pids are. */
  readonly folder: string;
  /** Take the usual ports where they are free; otherwise any free ones. */
  readonly usualPorts: boolean;
  /** The tree whose programs are run: this checkout unless said otherwise. */
  readonly root?: string;
  readonly onEnd?: (name: string, reason: string) => void;
}

/** Programs of one system: each with a port of its own and the settings of all. */
export class Programs {
  readonly processes: Processes;
  protected readonly settings: Record<string, string> = {};
  protected readonly ended = new Set<string>();
  protected readonly ports = new Map<string, number>();

  constructor(private readonly places: ProgramsOptions) {
    this.processes = new Processes(places.folder, (name, reason) => {
      this.ended.add(name);
      places.onEnd?.(name, reason);
    });
  }

  /** The settings of every process of this system. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.settings };
  }

  /** A setting of this system that must be there by now. */
  setting(name: string): string {
    const value = this.settings[name];
    if (value === undefined) throw new Error(`${name} is not known yet`);
    return value;
  }

  /** Where all its data, logs and pids are. */
  get folder(): string {
    return this.places.folder;
  }

  protected get root(): string {
    return this.places.root ?? ROOT;
  }

  /** The port that the process of this name was given; throws when it has none. */
  portOf(name: string): number {
    const port = this.ports.get(name);
    if (port === undefined) throw new Error(`${name} has no port`);
    return port;
  }

  /** Starts a program of a bench or a test as one of ours; ready when it answers `/readyz`. */
  async startProgram(
    name: string,
    file: string,
    more: Readonly<Record<string, string>> = {},
    restarts?: ProcessSpec['restarts'],
    root = this.root,
  ): Promise<number> {
    const port = await this.port(name);
    const spec = { ...this.program(name, file), ...(restarts ? { restarts } : {}), cwd: root };
    this.ended.delete(name);
    this.processes.start({ ...spec, env: { ...spec.env, ...more, HEALTH_PORT: String(port) } });
    await this.waitForHttp(name, `http://127.0.0.1:${port}/readyz`);
    return port;
  }

  /** The port of this name: the same for as long as this system lives. */
  protected async port(name: string, usual = 0): Promise<number> {
    const known = this.ports.get(name);
    if (known !== undefined) return known;
    const port = await freePort(this.places.usualPorts ? usual : 0);
    this.ports.set(name, port);
    return port;
  }

  protected program(name: string, file: string, args: readonly string[] = []): ProcessSpec {
    return {
      name,
      command: process.execPath,
      args: [...TYPESCRIPT, file, ...args],
      cwd: this.root,
      env: this.env,
    };
  }

  protected async waitForHttp(name: string, url: string): Promise<void> {
    const found = await waitFor(`${name} at ${url}`, READY_TIMEOUT_MS, async () => {
      if (this.ended.has(name)) return new Error(`${name} ended:\n${this.logTail(name)}`);
      const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      if (!response.ok) throw new Error(`it answers ${await response.text()}`);
      return 'ready';
    });
    if (found instanceof Error) throw found;
  }

  protected logTail(name: string): string {
    const file = this.processes.logFile(name);
    if (!existsSync(file)) return '';
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}
