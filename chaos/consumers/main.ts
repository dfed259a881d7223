import { parseArgs } from 'node:util';
import { soakConsumers } from './run';

const USAGE = `npm run soak:consumers -- [--events 10000] [--seed 1]

Lets four groups of two members handle events while every second a member is killed, one attempt
in five fails, one event in a hundred fails always, the streams are flushed once, and members join
and leave; then looks at the effects of every event. At last the handlers are mended, and what was
given up is redriven.`;

const MAX_EVENTS = 200_000;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const [events, seed] = [Number(values.events), Number(values.seed)];
  if (!Number.isInteger(events) || events < 100 || events > MAX_EVENTS || !Number.isInteger(seed)) {
    throw new Error(`--events takes 100 to ${MAX_EVENTS}, --seed a whole number\n\n${USAGE}`);
  }
  const { figures, violations } = await soakConsumers({ events, seed });
  for (const [name, figure] of Object.entries(figures)) {
    console.log(`${name.padEnd(40)} ${JSON.stringify(figure)}`);
  }
  for (const violation of violations) console.log(`✘ ${violation}`);
  console.log(`${violations.length} violations, seed ${seed}`);
  if (violations.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
