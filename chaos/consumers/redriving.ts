import { Groups } from '../../consumers/admin/groups';
import { redriveProgress, startRedrive } from '../../db/consumers/redrives';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { GROUP_NAMES, type SoakGroup } from './groups';

const REDRIVES_PER_SECOND = 500;
const TIMEOUT_MS = 300_000;

/** Redrives all dead letters of all groups; returns how many were handled, by group. */
export async function redriveAll(system: System): Promise<Record<string, number>> {
  const groups = new Groups(system.setting('DATABASE_URL'), 'soak');
  try {
    const entries = GROUP_NAMES.map(async (group) => [group, await redriveGroup(groups, group)]);
    return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
  } finally {
    await groups.close();
  }
}

async function redriveGroup(groups: Groups, group: SoakGroup): Promise<number> {
  const db = await groups.tables(group);
  const redriveId = await startRedrive(db, {
    ...{ filter: {}, limit: 10_000, ratePerSecond: REDRIVES_PER_SECOND },
    ...{ hasCanary: true, startedBy: 'soak' },
  });
  if (redriveId === undefined) return 0;
  return waitFor(`the redrive of ${group}`, TIMEOUT_MS, async () => {
    const progress = (await redriveProgress(db, redriveId))!;
    return progress.state === 'done' || progress.state === 'stopped'
      ? Number(progress.redriven)
      : undefined;
  });
}
