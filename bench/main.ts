import { parseArgs } from 'node:util';
import { benchApi } from './api/run';
import { capacityTable } from './capacity';
import { benchConsumers } from './consumers/run';
import { benchRoom } from './room/run';
import { benchSaga } from './saga/run';

const USAGE = `npm run bench -- [saga|consumers|api|room|capacity] [--only part,part]

saga        places orders in four ways on the same servers (limit, naive, naiveInMemory, ours)
consumers   publishes and consumes events: ours beside raw Redis and BullMQ
            (publish, bullmq, drain, effects, live, takeover, fraud, away)
api         takes orders: beside a route that only inserts a row, and beside slow clients
capacity    what 100, 1,000 and 10,000 orders a second take, by the results of saga and consumers
room        watches the control room while orders come: what it costs the API

Prints a table and, unless --only is given, writes bench/results/<bench>.json.`;

const BENCHES = { saga: benchSaga, consumers: benchConsumers, api: benchApi, room: benchRoom };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  const [name = 'saga', ...rest] = positionals;
  if (values.help) return console.log(USAGE);
  if (name === 'capacity') return console.log(capacityTable());
  if (!isBench(name) || rest.length > 0) throw new Error(`no such bench\n\n${USAGE}`);
  await BENCHES[name](values.only?.split(','));
}

function isBench(name: string): name is keyof typeof BENCHES {
  return Object.hasOwn(BENCHES, name);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
