import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fuzzApi } from '../../chaos/fuzz/run';
import { stockProduct } from '../../dev/catalogue';
import { ApiHarness } from './api-harness';

const REQUESTS = 3_000;
const TIMEOUT_MS = 120_000;

/** Of some seventy operations: all others were done at least once. */
const MAX_NEVER = 10;

test(
  '3,000 requests made from the document are all answered as it says, and never 5xx',
  async () => {
    const api = await ApiHarness.open();
    try {
      await stockProduct(api.database.db, 'FUZZ', 1_000_000);
      const target = { url: api.url, apiKey: api.key };
      const { figures, violations } = await fuzzApi(target, { count: REQUESTS, seed: 1 });
      expect(violations).toEqual([]);
      expect(figures['requests']).toBe(REQUESTS);
      // What needs a provider's signature, a consumer that plans deliveries, or a built page is not;
      // nor is a page of the guide, whose name nobody can guess. Some others are not on a busy machine.
      const never = figures['and those that were not'] as string[];
      const others = never.filter((operation) => !operation.includes('/docs/guide/'));
      expect([others, others.length <= MAX_NEVER]).toEqual([others, true]);
    } finally {
      await api.close();
    }
  },
  TIMEOUT_MS,
);

test.each([
  [500, 'application/problem+json', '{}'],
  [200, 'application/json', '{"secret":1}'],
  [418, 'text/plain', ''],
])('an API that answers %s as %s with %j is found out', async (status, type, body) => {
  const broken = createServer((_, response) => {
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
  const { violations } = await fuzzApi({ url, apiKey: 'tdm_x_y' }, { count: 20, seed: 1 });
  broken.closeAllConnections();
  broken.close();
  expect(violations.length).toBeGreaterThan(10);
});
