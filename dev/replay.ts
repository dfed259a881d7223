import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  DefaultLogger,
  Runtime,
  Worker,
  type ReplayHistoriesIterable,
  type ReplayWorkerOptions,
} from '@temporalio/worker';
import { WORKFLOWS_PATH } from '../workers/workflow-bundle';

const HISTORIES_FOLDER = path.join(__dirname, '..', 'test', 'histories');

/** What replaying one history came to. */
export interface Replay {
  readonly name: string;
  readonly error: Error | undefined;
}

/** The names of all recorded histories. */
export function recordedHistories(): string[] {
  return readdirSync(HISTORIES_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort();
}

/** A recorded history as the Temporal CLI and the Web UI know it too. */
export function readHistory(name: string): unknown {
  return JSON.parse(readFileSync(path.join(HISTORIES_FOLDER, `${name}.json`), 'utf8'));
}

/** Replays every recorded history on the workflows at `workflowsPath`. */
export async function replayAll(
  workflowsPath = WORKFLOWS_PATH,
  plugins: ReplayWorkerOptions['plugins'] = [],
): Promise<Replay[]> {
  const replays: Replay[] = [];
  const histories = recordedHistories().map((name) => ({
    workflowId: name,
    history: readHistory(name),
  })) as unknown as ReplayHistoriesIterable;
  const options = { workflowsPath, ...(plugins ? { plugins } : {}) };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    replays.push({ name: workflowId, error: error });
  }
  return replays;
}

/** Replays and prints; exits with 1 when a history does not replay, or when there is none. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const replays = await replayAll();
  for (const { name, error } of replays) {
    console.log(error ? `✘ ${name}: ${error.message}` : `✔ ${name}`);
  }
  const failed = replays.filter(({ error }) => error);
  console.log(`${replays.length - failed.length} histories replayed, ${failed.length} failed`);
  if (failed.length > 0 || replays.length === 0) process.exitCode = 1;
}

if (require.main === module) void main();
