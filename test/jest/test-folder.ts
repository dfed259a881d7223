import { statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { scratchFolder, type ScratchFolder } from '../../dev/scratch-folder';

const MEMORY = '/dev/shm';

/** Two suites beside each other, with their databases, and as much again for those who run. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * A folder of a test, in memory where there is plenty of it: each test file copies a database, and
 * ext4 takes a second for that where as many files were removed shortly before.
 */
export function testFolder(prefix: string): ScratchFolder {
  return scratchFolder(prefix, isRoomy() ? MEMORY : tmpdir());
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
