import type { Redis } from '../../platform/redis';
import { withRedis } from './with-redis';

const QUEUE = 'queue:parcels';
const MESSAGES = 6;
const BLOCK_SECONDS = 0.5;

/**
 * A queue: each message is for one worker, whichever is free. More workers, more work done; a command
 * ("pack this parcel") belongs here. What a worker took and has not finished is in a list of its own
 * (LMOVE), so that its death loses nothing.
 */
export async function competingConsumers(say: (line: string) => void): Promise<void> {
  await withRedis(async (open) => {
    const producer = await open('producer');
    for (let i = 1; i <= MESSAGES; i += 1) await producer.lPush(QUEUE, `pack parcel ${i}`);

    const crashed = await open('worker-0');
    const taken = await crashed.blMove(QUEUE, 'taken:worker-0', 'RIGHT', 'LEFT', BLOCK_SECONDS);
    say(`worker-0 took "${taken}" and died`);

    const workers = await Promise.all(['worker-1', 'worker-2'].map(open));
    const done = await Promise.all(workers.map((redis, i) => work(redis, `worker-${i + 1}`, say)));
    say(`${done.flat().length} parcels packed, each by one worker`);

    const left = await producer.lRange('taken:worker-0', 0, -1);
    say(`still in the hands of worker-0, to be given to another: ${left.join()}`);
  });
}

/** Takes what comes, until nothing has come for a while. */
async function work(redis: Redis, name: string, say: (line: string) => void): Promise<string[]> {
  const taken = `taken:${name}`;
  const done: string[] = [];
  for (;;) {
    const message = await redis.blMove(QUEUE, taken, 'RIGHT', 'LEFT', BLOCK_SECONDS);
    if (message === null) return done;
    say(`${name}: ${message}`);
    await redis.lRem(taken, 1, message);
    done.push(message);
  }
}
