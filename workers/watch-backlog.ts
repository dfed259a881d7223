import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { noteTaskQueueBacklog } from '../db/backlog';
import type { Database } from '../db/database';
import { repeat, type RepeatedDuty } from '../platform/repeat';

/** A backlog that endangers orders grows over minutes. */
const INTERVAL_MS = 5_000;

/** Numbers of temporal.api.enums.v1.TaskQueueType: workflow tasks and activities. */
const TYPES = [1, 2] as const;

/** Tells the API, which knows no Temporal, how long tasks wait in the queue of the sagas. */
export function watchBacklog({
  client,
  db,
  taskQueue,
  logger,
}: {
  client: Client;
  db: Database;
  taskQueue: string;
  logger: Logger;
}): RepeatedDuty {
  return repeat({ name: 'watch backlog', intervalMs: INTERVAL_MS, logger }, async () => {
    const backlogs = await Promise.all(TYPES.map((type) => backlogOf(client, taskQueue, type)));
    await noteTaskQueueBacklog(db, taskQueue, {
      tasks: backlogs.reduce((sum, { tasks }) => sum + tasks, 0),
      oldestSeconds: Math.max(...backlogs.map(({ oldestSeconds }) => oldestSeconds)),
    });
  });
}

async function backlogOf(client: Client, name: string, taskQueueType: (typeof TYPES)[number]) {
  const { stats } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType,
    reportStats: true,
  });
  const age = stats?.approximateBacklogAge;
  return {
    tasks: Number(stats?.approximateBacklogCount ?? 0),
    oldestSeconds: Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / 1e9,
  };
}
