import type { ScratchFolder } from '../../dev/scratch-folder';
import { System } from '../../dev/system';
import { testFolder } from './test-folder';

/** Tests lose nothing when the machine does, so nothing waits for its disk, or fills its memory. */
const FAST_AND_FORGETFUL = ['fsync=off', 'full_page_writes=off', 'max_wal_size=256MB'];

/** Where the setup of a suite leaves its system for the teardown, which runs in the same process. */
const suite: { system?: System; folder?: ScratchFolder } = {};

/** A system on free ports with data of its own, for one suite. */
export function openSuiteSystem(): System {
  suite.folder = testFolder('suite');
  suite.system = new System({
    folder: suite.folder.path,
    usualPorts: false,
    postgresSettings: FAST_AND_FORGETFUL,
  });
  return suite.system;
}

/** Ends it and removes its data. */
export async function closeSuiteSystem(): Promise<void> {
  await suite.system?.processes.stopAll();
  suite.folder?.remove();
}
