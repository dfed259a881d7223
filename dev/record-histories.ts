import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { runMatrix } from '../chaos/matrix/run';

const HISTORIES_FOLDER = path.join(__dirname, '..', 'test', 'histories');

/** Recorded by the test of versions, on a saga that no matrix knows. */
const KEPT = /^patched/;

/** The cells whose histories are kept: each way to end, each fall back, each decision of a person. */
const KEPT_CELLS: readonly RegExp[] = [
  /then-works$/,
  /undos-work$/,
  /(refused|cancel-arrives).*needs-a-person$/,
  /void-authorization-fails-twice$/,
  /a-person-decides$/,
  /called-off-afterwards$/,
  /(fails-after-its-effect|refused)-of-a-cancellation$/,
];

/** Runs the failure matrix and writes the histories of its cells down, in place of the old ones. */
async function recordHistories(): Promise<void> {
  const histories = new Map<string, string>();
  const { failures } = await runMatrix({
    only: '',
    onHistory: (name, json) => {
      if (KEPT_CELLS.some((pattern) => pattern.test(name))) histories.set(name, json);
    },
  });
  if (failures.length > 0) throw new Error(`not recorded: ${failures.join('; ')}`);
  for (const file of readdirSync(HISTORIES_FOLDER).filter((name) => !KEPT.test(name))) {
    rmSync(path.join(HISTORIES_FOLDER, file));
  }
  for (const [name, json] of histories) {
    writeFileSync(path.join(HISTORIES_FOLDER, `${name}.json`), `${withoutMachine(json)}\n`);
  }
  console.log(`recorded ${histories.size} histories`);
}

/** Stack traces and identities name this machine and its folders; nothing of that is the order's. */
export function withoutMachine(history: string): string {
  return history
    .replaceAll(path.join(__dirname, '..', path.sep), '')
    .replaceAll(path.join(__dirname, '..'), '.')
    .replaceAll(`@${hostname()}`, '@worker');
}

if (require.main === module) {
  recordHistories().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
