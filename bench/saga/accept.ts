import { pino } from 'pino';
import { listen } from '../../api/http/server';
import type { Operator } from '../../api/operator/operator';
import { createService } from '../../api/service';
import type { Database } from '../../db/database';
import { loadConfig } from '../../platform/config';
import { createLink } from '../../platform/redis';
import { streamAccess } from '../../platform/redis-scripts';
import { findPlacedOrder, type PlacedOrderRow } from './placed-order';

/** More than a bench sends. */
const LIMITLESS = 10_000_000;

/** Nobody operates a bench. */
const none = () => Promise.reject(new Error('nobody operates this'));
const NOBODY: Operator = { overview: none, series: none, xray: none, run: none };

/**
 * Our API on `HEALTH_PORT`, so that every variant accepts orders with the same code; `onAccepted`
 * is what a variant does with an accepted order, after its answer.
 */
export async function acceptOrders(
  db: Database,
  onAccepted: (order: PlacedOrderRow) => Promise<void>,
): Promise<number> {
  const config = loadConfig('DATABASE_URL', 'REDIS_URL', 'HEALTH_PORT');
  const common = { applicationName: 'bench', onError: () => undefined };
  const redis = createLink({ ...common, url: config.REDIS_URL, name: 'bench', use: 'commands' });
  await redis.connect();
  const { server } = createService({
    db,
    database: { ...common, url: config.DATABASE_URL },
    redis: streamAccess(redis),
    logger: pino({ level: 'silent' }),
    failing: () => Promise.resolve([]),
    webhookSecrets: [],
    // No endpoint is registered here.
    sealer: { seal: () => Promise.reject(new Error('nothing is sealed here')) },
    targetPolicy: { isLoopbackAllowed: false },
    rateLimits: { perCaller: LIMITLESS, perAddress: LIMITLESS },
    admission: { maxPending: LIMITLESS, maxWaitSeconds: LIMITLESS },
    corsOrigins: [],
    trustedProxies: 0,
    operator: NOBODY,
    room: { temporalUi: undefined, development: undefined },
  });
  server.on('request', (request, response) => {
    response.once('finish', () => {
      const location = response.getHeader('Location');
      if (request.method !== 'POST' || typeof location !== 'string') return;
      void findPlacedOrder(db, location.split('/').at(-1)!).then(onAccepted);
    });
  });
  return listen(server, config.HEALTH_PORT, '127.0.0.1');
}
