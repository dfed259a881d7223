import { runSoakCommand } from '../soak-command';
import { runSoak } from './run';

const USAGE = `npm run soak:saga -- [--orders 300] [--seed 1]

Places orders while 10 % of the cards are declined, 5 % of the provider's replies are lost, 5 % of
the connections to PostgreSQL and Redis are refused, and every 3 seconds one of two saga workers is
killed;
then looks at money, stock, events and status of every order. The same seed plans the same faults.`;

runSoakCommand({
  usage: USAGE,
  count: { option: 'orders', usual: 300, min: 1, max: 100_000 },
  run: ({ count, seed }) => runSoak({ orders: count, seed }),
});
