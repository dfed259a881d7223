import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removePostgresData } from './servers/postgres';

/** A folder for a system that is thrown away when it has ended. */
export interface ScratchFolder {
  readonly path: string;
  /** Removes it with everything in it, and what PostgreSQL had to keep elsewhere. */
  readonly remove: () => void;
}

/** A new folder among the temporary ones, or in another. */
export function scratchFolder(prefix: string, parent = tmpdir()): ScratchFolder {
  const folder = mkdtempSync(path.join(parent, prefix));
  // PostgreSQL may have to run as another user, who must get past it.
  chmodSync(folder, 0o755);
  return {
    path: folder,
    remove() {
      removePostgresData(path.join(folder, 'postgres'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
