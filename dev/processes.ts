import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './process-identity';

/** A process that has not ended this long after it was asked to is killed. */
const STOP_DEADLINE_MS = 15_000;
const POLL_MS = 50;

/** One that ends by itself is started again after this long, and not more often than so. */
const RESTARTS = { delayMs: 1_000, max: 20 };

/** Says of each process in its environment to which data folder it belongs. */
const DATA_FOLDER_VARIABLE = 'TANDEM_DATA_FOLDER';

/** How to run one process. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** How soon and how often it is started again when it ends by itself. */
  readonly restarts?: { readonly delayMs: number; readonly max: number };
  /** What asks it to end; SIGTERM unless said otherwise. */
  readonly stopSignal?: NodeJS.Signals;
}

interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
  readonly stopSignal: NodeJS.Signals;
}

/** Told when a process ended that nobody had asked to. */
export type OnEnd = (name: string, reason: string) => void;

/**
 * The processes of one data folder. Each has a session of its own, so that Ctrl-C reaches only the
 * launcher, which ends them in order; their pids are kept in a file, so that the launcher after a
 * crash finds what the crashed one left behind.
 */
export class Processes {
  readonly #started = new Map<string, StartedProcess>();
  readonly #file: string;
  #isStopping = false;

  constructor(
    private readonly folder: string,
    private readonly onEnd: OnEnd,
  ) {
    mkdirSync(path.join(folder, 'logs'), { recursive: true });
    this.#file = pidFile(folder);
  }

  /** Where the process of this name writes what it prints. */
  logFile(name: string): string {
    return path.join(this.folder, 'logs', `${name}.log`);
  }

  /** Starts the process, and again whenever it ends by itself. */
  start(spec: ProcessSpec, restarts = 0): void {
    if (this.#isStopping) throw new Error('everything is being stopped');
    const running = this.#started.get(spec.name);
    if (running && isStillThere(running)) throw new Error(`${spec.name} is running already`);
    const env = { ...(spec.env ?? process.env), [DATA_FOLDER_VARIABLE]: this.folder };
    const child = spawnDetached({ ...spec, env }, this.logFile(spec.name));
    child.once('error', (error) => this.onEnd(spec.name, error.message));
    if (child.pid === undefined) return;
    this.#remember(spec, child.pid);
    child.once('exit', (code, signal) => {
      if (this.#isStopping || this.#started.get(spec.name)?.pid !== child.pid) return;
      this.onEnd(spec.name, signal ?? `exit code ${code}`);
      const { delayMs, max } = spec.restarts ?? RESTARTS;
      if (restarts >= max) return;
      setTimeout(() => {
        if (!this.#isStopping) this.start(spec, restarts + 1);
      }, delayMs);
    });
  }

  /** The names of all that were started. */
  names(): string[] {
    return [...this.#started.keys()];
  }

  /** The pid of a process under its name. */
  pidOf(name: string): number | undefined {
    return this.#started.get(name)?.pid;
  }

  /** Ends one process and does not start it again. */
  async stop(name: string): Promise<void> {
    const started = this.#started.get(name);
    if (!started) return;
    this.#started.delete(name);
    this.#save();
    await end(started);
  }

  /** Ends all, the latest first. */
  async stopAll(): Promise<void> {
    this.#isStopping = true;
    for (const name of [...this.#started.keys()].reverse()) await this.stop(name);
  }

  #remember({ name, stopSignal = 'SIGTERM' }: ProcessSpec, pid: number): void {
    const identity = processIdentity(pid) ?? '';
    this.#started.delete(name);
    this.#started.set(name, { name, pid, identity, stopSignal });
    this.#save();
  }

  #save(): void {
    writeFileSync(this.#file, JSON.stringify([...this.#started.values()], null, 2));
  }
}

/** Ends what an earlier launcher of this folder left behind, and nothing else; returns the names. */
export async function endLeftovers(folder: string): Promise<string[]> {
  const left = readStarted(pidFile(folder)).filter(isStillThere);
  for (const started of left.reverse()) await end(started);
  return left.map(({ name }) => name);
}

function pidFile(folder: string): string {
  return path.join(folder, 'processes.json');
}

function spawnDetached(spec: ProcessSpec, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(spec.uid === undefined ? {} : { uid: spec.uid }),
      ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    });
  } finally {
    closeSync(log);
  }
}

function readStarted(file: string): StartedProcess[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StartedProcess[];
  } catch {
    // No file: nothing was started in this folder.
    return [];
  }
}

function isStillThere({ pid, identity }: StartedProcess): boolean {
  return identity !== '' && processIdentity(pid) === identity;
}

async function end(started: StartedProcess): Promise<void> {
  const deadline = performance.now() + STOP_DEADLINE_MS;
  if (isStillThere(started)) process.kill(started.pid, started.stopSignal);
  while (isStillThere(started)) {
    if (performance.now() > deadline) process.kill(started.pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}
