import { runSoakCommand } from '../soak-command';
import { soakConsumers } from './run';

const USAGE = `npm run soak:consumers -- [--events 10000] [--seed 1]

Lets four groups of two members handle events while every second a member is killed, one attempt in
five fails, one event in a hundred fails always, the streams are flushed once, and members join and
leave; then looks at the effects of every event. At last the handlers are mended, and what was given
up is redriven.`;

runSoakCommand({
  usage: USAGE,
  count: { option: 'events', usual: 10_000, min: 100, max: 200_000 },
  run: ({ count, seed }) => soakConsumers({ events: count, seed }),
});
