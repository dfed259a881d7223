import { parseArgs } from 'node:util';
import { runSoak } from './run';

const USAGE = `npm run soak:saga -- [--orders 300] [--seed 1]

Places orders while 10 % of the cards are declined, 5 % of the provider's replies are lost, 5 % of
the connections to PostgreSQL and Redis are refused, and every 3 seconds one of two saga workers is
killed;
then looks at money, stock, events and status of every order. The same seed plans the same faults.`;

const MAX_ORDERS = 100_000;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const [orders, seed] = [Number(values.orders), Number(values.seed)];
  if (!Number.isInteger(orders) || orders < 1 || orders > MAX_ORDERS || !Number.isInteger(seed)) {
    throw new Error(`--orders takes 1 to ${MAX_ORDERS}, --seed a whole number\n\n${USAGE}`);
  }
  const { figures, violations } = await runSoak({ orders, seed });
  for (const [name, figure] of Object.entries(figures)) {
    console.log(`${name.padEnd(32)} ${JSON.stringify(figure)}`);
  }
  for (const violation of violations) console.log(`✘ ${violation}`);
  console.log(`${violations.length} violations, seed ${seed}`);
  if (violations.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
