import { existsSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { scratchFolder, type ScratchFolder } from '../../dev/scratch-folder';

const MEMORY = '/dev/shm';
const NAME = 'tandem-test-';

/** Longer than any run takes. */
const LEFT_BEHIND_MS = 6 * 3_600_000;

/** Two suites beside each other, with their databases, and as much again for those who run. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * A folder of a test, in memory where there is plenty of it: each test file copies a database, and
 * ext4 takes a second for that where as many files were removed shortly before.
 */
export function testFolder(name: string): ScratchFolder {
  removeLeftBehind();
  return scratchFolder(`${NAME}${name}-`, isRoomy() ? MEMORY : tmpdir());
}

function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES && freemem() >= 2 * ENOUGH_BYTES;
  } catch {
    // Another system than Linux.
    return false;
  }
}

/** What runs that were killed have left there would be kept until the machine is restarted. */
function removeLeftBehind(): void {
  const names = existsSync(MEMORY) ? readdirSync(MEMORY) : [];
  for (const name of names.filter((one) => one.startsWith(NAME))) {
    const folder = path.join(MEMORY, name);
    try {
      const isOld = Date.now() - statSync(folder).mtimeMs > LEFT_BEHIND_MS;
      if (isOld) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run removes it, or it is another user's.
    }
  }
}
