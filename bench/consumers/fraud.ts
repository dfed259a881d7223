import { sql } from 'kysely';
import { waitFor } from '../../dev/wait';
import { publishOnce } from '../../events/publish-once';
import { streamAccess } from '../../platform/redis-scripts';
import { percentile } from '../percentile';
import { sampleEvent } from './sample-event';
import type { Bench } from './servers';

/** As many orders of one customer at once as are suspicious. */
const BURST = 5;
const BURSTS = 20;
const TIMEOUT_MS = 10_000;

/** From the last order of a burst, as it is published, to the event that says it is suspected. */
export async function benchFraud(bench: Bench) {
  const { system, redis, db } = bench;
  await system.startService('consumer-worker', { CONSUMER_GROUPS: 'fraud' });
  const access = streamAccess(redis);
  const detectedMs: number[] = [];
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const customerId = `cus_burst_${burst}`;
    const events = Array.from({ length: BURST }, () => sampleEvent(new Date(), customerId));
    await Promise.all(events.map((event) => publishOnce(access, event)));
    const published = new Date();
    const said = await waitFor('the suspicion', TIMEOUT_MS, async () => {
      const { rows } = await sql<{ at: Date }>`
        select min(published_at) as at from fraud.outbox
        where body::jsonb -> 'data' ->> 'customerId' = ${customerId}
          and published_at is not null having count(*) > 0`.execute(db);
      return rows[0]?.at;
    });
    detectedMs.push(said.getTime() - published.getTime());
  }
  return { bursts: BURSTS, p50Ms: percentile(detectedMs, 0.5), maxMs: Math.max(...detectedMs) };
}
