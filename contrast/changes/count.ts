import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Change } from '../design';
import { PATCHES } from './apply';

/** How much had to be changed, counted from the patch. */
export interface ChangeSize {
  readonly filesChanged: number;
  readonly linesInThem: number;
  readonly filesNew: number;
  readonly linesNew: number;
}

/** Counts files and lines: what is new harms nobody, what is changed may. */
export function sizeOf({ patch }: Change): ChangeSize {
  const files = readFileSync(path.join(PATCHES, patch), 'utf8')
    .split(/^diff --git /m)
    .slice(1);
  const changedLines = (file: string) => file.match(/^[+-](?![+-]{2} )/gm)?.length ?? 0;
  const isNew = (file: string) => /^new file mode/m.test(file);
  const sum = (some: readonly string[]) => some.reduce((all, file) => all + changedLines(file), 0);
  const [added, changed] = [files.filter(isNew), files.filter((file) => !isNew(file))];
  return {
    ...{ filesChanged: changed.length, linesInThem: sum(changed) },
    ...{ filesNew: added.length, linesNew: sum(added) },
  };
}
