import type { Outcome } from '../run';

/** One line as soon as a run is over, for whoever waits. */
export function printOutcome({ design, scenario, struck, accepted, orders }: Outcome): void {
  console.log(`${scenario}, ${design}: ${accepted} of ${orders} accepted; ${struck}`);
}

/** Every figure of every run. */
export function printTable(outcomes: readonly Outcome[]): void {
  console.table(
    outcomes.map((o) => ({
      ...o,
      answerMs: `${o.answerMs.p50}/${o.answerMs.p99}`,
      outcomeMs: `${o.outcomeMs.p50}/${o.outcomeMs.p99}`,
      coverage: JSON.stringify(o.coverage),
      struck: undefined,
    })),
  );
}
