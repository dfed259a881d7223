import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** The checkout. */
export const ROOT = path.join(__dirname, '..');

/**
 * Runs `use` on a copy of these files and folders of the checkout, in which something may be
 * planted, and removes it. It is inside the checkout's scratch folder, with its dependencies.
 */
export async function onCopyOf<Result>(
  names: readonly string[],
  use: (copy: string) => Promise<Result> | Result,
): Promise<Result> {
  const scratch = path.join(ROOT, '.tandem');
  mkdirSync(scratch, { recursive: true });
  const copy = mkdtempSync(path.join(scratch, 'copy-'));
  try {
    for (const name of names) {
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
