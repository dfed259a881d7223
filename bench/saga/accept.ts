import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from '../../api/app';
import { findPlacedOrder, type PlacedOrderRow } from './placed-order';
import type { Database } from '../../db/database';
import { listenToOutcomes } from '../../api/outcomes';
import { loadConfig } from '../../platform/config';

/**
 * Our API on `HEALTH_PORT`, so that every variant accepts orders with the same code; `onAccepted`
 * is what a variant does with an accepted order, after its answer.
 */
export async function acceptOrders(
  db: Database,
  onAccepted: (order: PlacedOrderRow) => Promise<void>,
): Promise<number> {
  const config = loadConfig('DATABASE_URL', 'HEALTH_PORT');
  const options = { url: config.DATABASE_URL, applicationName: 'bench', onError: () => undefined };
  const app = createApp({
    db,
    outcomes: listenToOutcomes(options),
    logger: pino({ level: 'silent' }),
    failing: () => Promise.resolve([]),
    webhookSecrets: [],
    // No endpoint is registered here.
    sealer: { seal: () => Promise.reject(new Error('nothing is sealed here')) },
    targetPolicy: { isLoopbackAllowed: false },
  });
  const answer = app.callback();
  const server = createServer((request, response) => {
    void answer(request, response).then(async () => {
      const location = response.getHeader('Location');
      if (request.method !== 'POST' || typeof location !== 'string') return;
      await onAccepted(await findPlacedOrder(db, location.split('/').at(-1)!));
    });
  });
  await new Promise<void>((resolve) => server.listen(config.HEALTH_PORT, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
