import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { outputOf } from './servers/find-command';

const ROOT = path.join(__dirname, '..');
const BUILT = path.join(ROOT, 'web', 'dist');
const BUILD_TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 5;
const TAKEN: ReadonlySet<string> = new Set(['ENOENT', 'ENOTEMPTY', 'EEXIST']);

/**
 * Builds the control room with what only development has in it: breaking things, and the mails.
 * Another system of this checkout may be serving the page: it is replaced at once, and whole.
 */
export async function buildPage(): Promise<void> {
  const next = `${BUILT}-${process.pid}`;
  const before = `${next}-before`;
  const vite = path.join('node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', 'web', '--mode', 'development', '--outDir', next, '--logLevel', 'warn'];
  await outputOf(process.execPath, [vite, ...args], BUILD_TIMEOUT_MS, { cwd: ROOT });
  for (let attempts = 1; !replace(next, before); attempts += 1) {
    if (attempts === MAX_ATTEMPTS) throw new Error(`${BUILT} is being replaced by others`);
  }
}

/** False when another replaced it at the same moment. */
function replace(next: string, before: string): boolean {
  try {
    if (existsSync(BUILT)) renameSync(BUILT, before);
    renameSync(next, BUILT);
    return true;
  } catch (error) {
    if (!TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return false;
  } finally {
    rmSync(before, { recursive: true, force: true });
  }
}
