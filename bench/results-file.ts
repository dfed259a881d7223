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
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    cores: cpus().length,
    versions: { node: process.version, ...versions },
  };
  mkdirSync(FOLDER, { recursive: true });
  const text = JSON.stringify({ ...circumstances, ...measured }, null, 2);
  writeFileSync(path.join(FOLDER, `${bench}.json`), `${text}\n`);
}
