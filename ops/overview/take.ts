import type { Client } from '@temporalio/client';
import type { Overview, Series } from '../../api/operator/overview-resource';
import type { Groups } from '../../consumers/admin/groups';
import { reportGroup } from '../../consumers/admin/report';
import type { Broker } from '../../consumers/runtime/broker';
import type { Database } from '../../db/database';
import { readLatestOrders, readOrdersNow } from '../../db/overview';
import { atMostEvery } from '../../platform/single-flight';
import { LastHour } from './series';

const MAX_LATEST = 15;

/** Temporal and Redis are asked this often whether they are there. */
const ASK_SERVERS_MS = 2_000;
const TEMPORAL_PATIENCE_MS = 1_000;

/** How far a group is behind is asked this often: it takes some commands for each partition. */
const ASK_GROUPS_MS = 2_000;

/** What an overview is taken with. */
export interface OverviewTools {
  readonly db: Database;
  readonly groups: Groups;
  readonly broker: Broker;
  readonly client: Client;
  /** Rejects when Redis does not answer. */
  readonly pingRedis: () => Promise<unknown>;
}

/** How everything stands, and how the last hour was. */
export interface OverviewTaker {
  readonly overview: () => Promise<Overview>;
  readonly series: () => Promise<Series>;
}

/** Takes overviews, for however many who look: what costs is asked no more often than it changes. */
export function createOverviewTaker(tools: OverviewTools): OverviewTaker {
  const { db, groups, broker, client, pingRedis } = tools;
  const lastHour = new LastHour(db);
  const isTemporalThere = atMostEvery(ASK_SERVERS_MS, () => answers(client));
  const isRedisThere = atMostEvery(ASK_SERVERS_MS, () =>
    pingRedis().then(
      () => true,
      () => false,
    ),
  );
  const groupReports = atMostEvery(ASK_GROUPS_MS, () => reportGroups(groups, broker));
  return {
    async overview() {
      const [orders, series, latest, temporal, redis, reports] = await Promise.all([
        readOrdersNow(db),
        lastHour.live(),
        readLatestOrders(db, MAX_LATEST),
        isTemporalThere(),
        isRedisThere(),
        groupReports(),
      ]);
      return {
        ...{ object: 'overview', at: new Date().toISOString(), orders, series },
        servers: { redis, temporal },
        groups: reports,
        latest: latest.map(({ orderId, createdAt, ...order }) => {
          return { id: orderId, ...order, createdAt: createdAt.toISOString() };
        }),
      };
    },
    series: () => lastHour.all(),
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

/** Looked at all the time: further behind than this is told in seconds alone. */
const MAX_COUNTED = 1_000;

type GroupResource = Overview['groups'][number];

/** None while the archive, which knows their names, cannot be asked: the rest is told all the same. */
async function reportGroups(groups: Groups, broker: Broker): Promise<GroupResource[]> {
  const names = await groups.names().catch(() => []);
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
    const tables = await groups.tables(group);
    const report = await reportGroup(tables, broker, group, MAX_COUNTED);
    const { state, lagEntries, lagSeconds, parked, dead, losses, unpublished } = report;
    return {
      ...{ group, state, members: report.members.length, lagEntries, lagSeconds, parked, dead },
      ...{ losses, unpublished, pausedBy: report.pausedBy, pausedWhy: report.pausedWhy },
    };
  } catch {
    return { group, ...UNKNOWN };
  }
}
