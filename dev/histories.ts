import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

const FOLDER = path.join(__dirname, '..', 'test', 'histories');

/**
 * Recorded by the test of versions, on the saga of the worked example (docs/versions.md): the
 * matrix does not know that one, and they are replayed on it.
 */
export const ON_NEW_SAGA = /^patched-/;

/** Recorded across a deploy that is over: nobody can record them again. */
export const ACROSS_DEPLOYS = /^deployed-/;

/** The names of all recorded histories. */
export function recordedHistories(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort();
}

/** A recorded history as the Temporal CLI and the Web UI know it too. */
export function readHistory(name: string): unknown {
  return JSON.parse(readFileSync(fileOf(name), 'utf8'));
}

/** Puts these histories in place of all that the matrix recorded before. */
export function replaceHistories(histories: ReadonlyMap<string, string>): void {
  for (const name of recordedHistories()) {
    if (!ON_NEW_SAGA.test(name) && !ACROSS_DEPLOYS.test(name)) rmSync(fileOf(name));
  }
  for (const [name, json] of histories) write(name, json);
}

/** Records the history of a workflow unless there is one of this name: to renew it, delete it. */
export async function keepHistory(name: string, workflow: WorkflowHandle): Promise<void> {
  if (existsSync(fileOf(name))) return;
  write(name, historyToJSON(await workflow.fetchHistory()));
}

function write(name: string, json: string): void {
  writeFileSync(fileOf(name), `${withoutMachine(json)}\n`);
}

function fileOf(name: string): string {
  return path.join(FOLDER, `${name}.json`);
}

/** Stack traces and identities name this machine and its folders; nothing of that is the order's. */
function withoutMachine(history: string): string {
  return history
    .replaceAll(path.join(__dirname, '..', path.sep), '')
    .replaceAll(path.join(__dirname, '..'), '.')
    .replaceAll(`@${hostname()}`, '@worker');
}
