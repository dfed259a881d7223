import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../dev/copied-tree';
import { DESIGNS } from '../designs';

/** How many files and lines each design is, as its code is now. */
export function codeSizes(): Record<string, { files: number; lines: number }> {
  return Object.fromEntries(
    DESIGNS.map(({ name, code }) => {
      const files = code.flatMap((one) => filesIn(path.join(ROOT, one)));
      const lines = files.reduce((sum, file) => sum + linesIn(file), 0);
      return [name, { files: files.length, lines }];
    }),
  );
}

function filesIn(name: string): string[] {
  if (!statSync(name).isDirectory()) return [name];
  return readdirSync(name).flatMap((one) => filesIn(path.join(name, one)));
}

function linesIn(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1;
}
