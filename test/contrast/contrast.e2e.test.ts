import { setTimeout as sleep } from 'node:timers/promises';
import { DESIGNS } from '../../contrast/designs';
import { runContrast, type Outcome } from '../../contrast/run';
import type { Scenario } from '../../contrast/scenarios';

const TEST_MS = 300_000;
const DOWN_MS = 3_000;

/** As `notification-down`, and shorter. */
const SCENARIO: Scenario = {
  name: 'short',
  title: 'Notification is down for a moment',
  load: { ratePerSecond: 8, seconds: 10 },
  async strike({ system, design }) {
    await system.processes.stop(design.notifier);
    await sleep(DOWN_MS);
    await design.startNotifier(system);
    return 'stopped and started';
  },
};

test(
  'each design takes every order and loses nothing; only who is called has missed mails',
  async () => {
    const outcomes = await runContrast({
      ...{ designs: DESIGNS, scenarios: [SCENARIO], seed: 3, onOutcome: () => undefined },
      warmUp: { ratePerSecond: 10, seconds: 2 },
    });
    const by = (name: string) => outcomes.find(({ design }) => design === name)!;
    for (const { name } of DESIGNS) {
      const nothing = { turnedAway: 0, lost: 0, stuck: 0, failed: 0, chargedWrongly: 0 };
      expect([name, by(name)]).toEqual([
        name,
        expect.objectContaining({ ...nothing, stockLeaked: 0, mailsDoubled: 0, accepted: 80 }),
      ]);
    }
    const missing = ({ mailsMissing }: Outcome) => mailsMissing;
    expect(missing(by('request-response'))).toBeGreaterThan(0);
    expect(missing(by('choreographed')) + missing(by('orchestrated'))).toBe(0);
  },
  TEST_MS,
);
