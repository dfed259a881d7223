import {
  DefaultLogger,
  Runtime,
  Worker,
  type ReplayHistoriesIterable,
  type ReplayWorkerOptions,
} from '@temporalio/worker';
import { WORKFLOWS_PATH } from '../workers/workflow-bundle';
import { ON_NEW_SAGA, readHistory, recordedHistories } from './histories';
import { withNewSaga } from './patched-saga';

/** What replaying one history came to. */
export interface Replay {
  readonly name: string;
  readonly error: Error | undefined;
}

/**
 * Replays every recorded history on the workflows at `workflowsPath`, those of the worked example
 * on its saga.
 */
export async function replayAll(
  workflowsPath = WORKFLOWS_PATH,
  plugins: NonNullable<ReplayWorkerOptions['plugins']> = [],
): Promise<Replay[]> {
  const names = recordedHistories();
  const ours = names.filter((name) => !ON_NEW_SAGA.test(name));
  const example = names.filter((name) => ON_NEW_SAGA.test(name));
  return [
    ...(await replay(ours, { workflowsPath, plugins })),
    ...(await withNewSaga('patched', (newSaga) =>
      replay(example, { workflowsPath: newSaga, plugins }),
    )),
  ];
}

/** Replays these histories. */
export async function replay(
  names: readonly string[],
  options: ReplayWorkerOptions,
): Promise<Replay[]> {
  const replays: Replay[] = [];
  const histories = names.map((name) => ({
    workflowId: name,
    history: readHistory(name),
  })) as unknown as ReplayHistoriesIterable;
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    replays.push({ name: workflowId, error });
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
