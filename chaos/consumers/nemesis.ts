import type { System } from '../../dev/system';
import { kill } from '../kill';
import { seededRandom } from '../proxy';

const KILL_EVERY_MS = 1_000;

/** Kills one of these processes every second; each is started again at once. */
export function startKilling(system: System, members: readonly string[], seed: number) {
  const random = seededRandom(seed);
  let kills = 0;
  const timer = setInterval(() => {
    const member = members[Math.floor(random() * members.length)]!;
    if (kill(system, member)) kills += 1;
  }, KILL_EVERY_MS);
  return {
    kills: () => kills,
    stop: () => clearInterval(timer),
  };
}
