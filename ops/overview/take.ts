import type { Client } from '@temporalio/client';
import type { Overview, Series } from '../../api/operator/overview-resource';
import type { Groups } from '../../consumers/admin/groups';
import { reportGroup } from '../../consumers/admin/report';
import type { Broker } from '../../consumers/runtime/broker';
import type { Database } from '../../db/database';
import { readLatestOrders, readOrdersNow, readSeries } from '../../db/overview';

/** Narrow enough to see a burst, wide enough for an hour in 720 points. */
const WIDTH_SECONDS = 5;
/** Points that may still change: what is committed late counts where it was recorded. */
const LIVE_SECONDS = 15;
const HOUR_SECONDS = 3_600;

const MAX_LATEST = 15;

/** Temporal is asked this often whether it is there, and waited for no longer. */
const ASK_TEMPORAL_MS = 2_000;
const TEMPORAL_PATIENCE_MS = 1_000;

/** How far a group is behind is asked this often: it takes some commands for each partition. */
const ASK_GROUPS_MS = 2_000;

/** What an overview is taken with. */
export interface OverviewTools {
  readonly db: Database;
  readonly groups: Groups;
  readonly broker: Broker;
  readonly client: Client;
}

/** How everything stands, and how the last hour was. */
export interface OverviewTaker {
  readonly overview: () => Promise<Overview>;
  readonly series: () => Promise<Series>;
}

/** Takes overviews, for however many who look: what costs is asked no more often than it changes. */
export function createOverviewTaker({ db, groups, broker, client }: OverviewTools): OverviewTaker {
  const isTemporalThere = atMostEvery(ASK_TEMPORAL_MS, () => answers(client));
  const groupReports = atMostEvery(ASK_GROUPS_MS, () => reportGroups(groups, broker));
  return {
    async overview() {
      const [orders, series, latest, temporal, reports] = await Promise.all([
        readOrdersNow(db),
        readSeries(db, { sinceSeconds: LIVE_SECONDS, widthSeconds: WIDTH_SECONDS }),
        readLatestOrders(db, MAX_LATEST),
        isTemporalThere(),
        groupReports(),
      ]);
      return {
        ...{ object: 'overview', at: new Date().toISOString(), orders, series },
        servers: { redis: reports.every(({ lagSeconds }) => lagSeconds !== null), temporal },
        groups: reports,
        latest: latest.map(({ orderId, createdAt, ...order }) => {
          return { id: orderId, ...order, createdAt: createdAt.toISOString() };
        }),
      };
    },
    async series() {
      const query = { sinceSeconds: HOUR_SECONDS, widthSeconds: WIDTH_SECONDS };
      const data = await readSeries(db, query);
      return { object: 'series', widthSeconds: WIDTH_SECONDS, data };
    },
  };
}

/** The last result while it is fresh; whoever asks meanwhile waits for the same. */
function atMostEvery<Result>(ms: number, ask: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<Result> | undefined;
  let askedAt = -Infinity;
  return () => {
    const now = performance.now();
    if (!last || now - askedAt > ms) {
      askedAt = now;
      last = ask();
    }
    return last;
  };
}

async function answers(client: Client): Promise<boolean> {
  try {
    const deadline = Date.now() + TEMPORAL_PATIENCE_MS;
    await client.withDeadline(deadline, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}

type GroupResource = Overview['groups'][number];

async function reportGroups(groups: Groups, broker: Broker): Promise<GroupResource[]> {
  const names = await groups.names();
  return Promise.all(names.map((group) => reportOne(groups, broker, group)));
}

const UNKNOWN: Omit<GroupResource, 'group'> = {
  ...{ members: 0, lagEntries: null, lagSeconds: null, parked: 0, dead: 0 },
  ...{ losses: 0, unpublished: 0, pausedBy: null, pausedWhy: null },
  state: 'unknown',
};

/** One that cannot be asked says nothing about the others. */
async function reportOne(groups: Groups, broker: Broker, group: string): Promise<GroupResource> {
  try {
    const report = await reportGroup(await groups.tables(group), broker, group);
    const { state, lagEntries, lagSeconds, parked, dead, losses, unpublished } = report;
    return {
      ...{ group, state, members: report.members.length, lagEntries, lagSeconds, parked, dead },
      ...{ losses, unpublished, pausedBy: report.pausedBy, pausedWhy: report.pausedWhy },
    };
  } catch {
    return { group, ...UNKNOWN };
  }
}
