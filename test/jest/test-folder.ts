import { readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { scratchFolder, type ScratchFolder } from '../../dev/scratch-folder';

const MEMORY = '/dev/shm';
const NAME = 'tandem-';

/** Longer than any run takes. */
const LEFT_BEHIND_MS = 6 * 3_600_000;

/** Two suites beside each other, with their databases, and as much again for those who run. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * A folder of a test, in memory where there is plenty of it: each test file copies a database, and
 * ext4 takes a second for that where as many files were removed shortly before.
 */
export function testFolder(prefix: `${typeof NAME}${string}`): ScratchFolder {
  if (!isRoomy()) return scratchFolder(prefix, tmpdir());
  removeLeftBehind();
  return scratchFolder(prefix, MEMORY);
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
  for (const name of readdirSync(MEMORY).filter((one) => one.startsWith(NAME))) {
    const folder = path.join(MEMORY, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > LEFT_BEHIND_MS) rmSync(folder, { recursive: true, force: true });
  }
}
