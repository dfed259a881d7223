import { scratchFolder } from './scratch-folder';
import { System } from './system';
import type { SystemOptions } from './system-servers';

/** The exit code of what a person has interrupted. */
const INTERRUPTED = 130;

/** The servers of a system; without `temporal` that one is left out. */
export interface ScratchOptions extends Omit<SystemOptions, 'folder' | 'usualPorts'> {
  /** Begins the name of the folder in which everything is, until it is removed. */
  readonly name: string;
  readonly withoutTemporal?: boolean;
}

/**
 * Runs `use` on servers of its own, with the schemas in place, and removes everything afterwards;
 * our own processes are for `use` to start.
 */
export async function onScratchSystem<Result>(
  { name, withoutTemporal, ...options }: ScratchOptions,
  use: (system: System) => Promise<Result>,
): Promise<Result> {
  const folder = scratchFolder(`tandem-${name}-`);
  const system = new System({ ...options, folder: folder.path, usualPorts: false });
  const end = () => system.stop().finally(() => folder.remove());
  const interrupt = () => void end().finally(() => process.exit(INTERRUPTED));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await Promise.all([
      ...[system.startPostgres(), system.startRedis(), system.startDoubles()],
      withoutTemporal ? undefined : system.startTemporal(),
    ]);
    await system.prepareData();
    return await use(system);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await end();
  }
}
