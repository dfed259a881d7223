import type { Pool } from 'pg';
import type { Metrics } from '../platform/metrics';

/** Tells how the pools of a process are used; each pool is a bounded thing of ours, by its name. */
export function measurePools(metrics: Metrics): (name: string, pool: Pool) => void {
  const pools = new Map<string, Pool>();
  metrics.gauge(
    {
      name: 'tandem_database_connections',
      help: 'Connections of a pool to PostgreSQL, and who waits for one.',
      labels: ['pool', 'state'],
    },
    (gauge) => {
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        gauge.set({ pool, state: 'busy' }, totalCount - idleCount);
        gauge.set({ pool, state: 'idle' }, idleCount);
        gauge.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  );
  return (name, pool) => void pools.set(name, pool);
}
