import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { circumstances } from '../../bench/results-file';
import type { Outcome } from '../run';
import { codeSizes } from './code-sizes';

const FILE = path.join(__dirname, '..', 'results.json');

/** A whole run, with its circumstances. */
export interface Results {
  readonly date: string;
  readonly commit: string;
  readonly cores: number;
  readonly node: string;
  readonly seed: number;
  /** How much there was to read of each design: files and lines. */
  readonly sizes: Readonly<Record<string, { readonly files: number; readonly lines: number }>>;
  readonly outcomes: readonly Outcome[];
}

/** Keeps a whole run, so that its page can be written again. */
export function keepResults(seed: number, outcomes: readonly Outcome[]): void {
  const isChanged =
    execFileSync('git', ['status', '--porcelain', '--untracked-files=no']).length > 0;
  const { commit, ...others } = circumstances();
  const results: Results = {
    ...{ ...others, commit: isChanged ? `${commit} and changes` : commit },
    ...{ node: process.version, seed, sizes: codeSizes(), outcomes },
  };
  writeFileSync(FILE, `${JSON.stringify(results, null, 1)}\n`);
}

/** The run that was kept last. */
export function readResults(): Results {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
}
