import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

const FOLDER = path.join(__dirname, 'results');

/** Keeps what a bench measured, with the circumstances, in `bench/results/<bench>.json`. */
export function writeResults(
  bench: string,
  versions: Readonly<Record<string, string>>,
  measured: object,
): void {
  const node = { node: process.version };
  const all = { ...circumstances(), versions: { ...node, ...versions } };
  mkdirSync(FOLDER, { recursive: true });
  const text = JSON.stringify({ ...all, ...measured }, null, 2);
  writeFileSync(path.join(FOLDER, `${bench}.json`), `${text}\n`);
}

/** When, on what code and on what machine something was measured. */
export function circumstances(): { date: string; commit: string; cores: number } {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    cores: cpus().length,
  };
}
