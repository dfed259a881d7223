import { waitFor } from '../../dev/wait';
import { withRedis } from './with-redis';

const CHANNEL = 'news:orders';
const DEADLINE_MS = 5_000;

/**
 * Publish and subscribe: each message is for everybody who listens at that moment, and for nobody
 * else. Nothing is kept: right for "something has changed, look again", wrong for what must not be
 * missed.
 */
export async function fanOut(say: (line: string) => void): Promise<void> {
  await withRedis(async (open) => {
    const heard: string[] = [];
    const hear = (who: string) => (message: string) => void heard.push(`${who} heard "${message}"`);
    const [publisher, dashboard, cache, late] = await Promise.all(
      ['publisher', 'dashboard', 'cache', 'late'].map(open),
    );
    await dashboard!.subscribe(CHANNEL, hear('dashboard'));
    await cache!.subscribe(CHANNEL, hear('cache'));

    const first = await publisher!.publish(CHANNEL, 'order 1 is confirmed');
    say(`"order 1 is confirmed" reached ${first} listeners`);
    await cache!.unsubscribe(CHANNEL);
    const second = await publisher!.publish(CHANNEL, 'order 2 is confirmed');
    say(`"order 2 is confirmed" reached ${second}: the cache was away`);
    await late!.subscribe(CHANNEL, hear('late'));
    await publisher!.publish(CHANNEL, 'order 3 is confirmed');

    await waitFor('all to hear', DEADLINE_MS, () => (heard.length === 5 ? true : undefined));
    for (const line of heard.sort()) say(line);
    say('nobody can ask for what was said before: it is kept nowhere');
  });
}
