import { DESIGNS } from '../designs';
import type { Outcome } from '../run';

/** One line as soon as a run is over, for whoever waits. */
export function printOutcome({ design, scenario, struck, accepted, orders }: Outcome): void {
  console.log(`${scenario}, ${design}: ${accepted} of ${orders} accepted; ${struck}`);
}

/** The figures of the runs, scenario by scenario. */
export function printTable(outcomes: readonly Outcome[]): void {
  for (const scenario of new Set(outcomes.map((one) => one.scenario))) {
    console.log(`\n${scenario}`);
    const runs = outcomes.filter((one) => one.scenario === scenario);
    const names = DESIGNS.filter(({ name }) => runs.some(({ design }) => design === name));
    const rows = [['', ...names.map(({ name }) => name)], ...tableOf(runs)];
    const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
    for (const row of rows) console.log(row.map((cell, i) => cell.padEnd(widths[i]!)).join('  '));
  }
}

/** What every run shows. */
const ALWAYS: readonly (readonly [string, (one: Outcome) => string])[] = [
  ['accepted', ({ accepted, orders }) => `${accepted} of ${orders}`],
  ['time to answer, p50 / p99', ({ answerMs }) => `${answerMs.p50} / ${answerMs.p99} ms`],
  ['time to outcome, p50 / p99', ({ outcomeMs }) => `${outcomeMs.p50} / ${outcomeMs.p99} ms`],
  ['most waiting at once', ({ queuedPeak }) => String(queuedPeak)],
  ['time to recover', ({ recoveryMs }) => recoveryText(recoveryMs)],
];

/** What is shown where it is not nothing in all designs. */
const SOMETIMES: readonly (readonly [string, (one: Outcome) => number])[] = [
  ['turned away', ({ turnedAway }) => turnedAway],
  ['confirmed all the same', ({ confirmedUntold }) => confirmedUntold],
  ['requests repeated', ({ repeatedRequests }) => repeatedRequests],
  ['lost', ({ lost }) => lost],
  ['stuck', ({ stuck }) => stuck],
  ['given up by itself', ({ failed }) => failed],
  ['charged wrongly', ({ chargedWrongly }) => chargedWrongly],
  ['stock leaked', ({ stockLeaked }) => stockLeaked],
  ['mails missing', ({ mailsMissing }) => mailsMissing],
  ['mails doubled', ({ mailsDoubled }) => mailsDoubled],
];

/** One row a figure, one column a design; figures that are nothing everywhere are one row. */
export function tableOf(runs: readonly Outcome[]): string[][] {
  const ordered = DESIGNS.flatMap(({ name }) => runs.filter(({ design }) => design === name));
  const shown = SOMETIMES.filter(([, value]) => ordered.some((one) => value(one) !== 0));
  const silent = SOMETIMES.filter((figure) => !shown.includes(figure)).map(([name]) => name);
  const coverage = ordered.some((one) => one.coverage)
    ? [
        ['new part knows of before', ...ordered.map((one) => one.coverage?.before ?? '')],
        ['new part knows of after', ...ordered.map((one) => one.coverage?.after ?? '')],
      ]
    : [];
  const cpu = ordered.every(({ cpuMsPerOrder }) => typeof cpuMsPerOrder === 'number')
    ? [['CPU an order', ...ordered.map((one) => `${one.cpuMsPerOrder!.toFixed(1)} ms`)]]
    : [];
  return [
    ...ALWAYS.map(([name, text]) => [name, ...ordered.map(text)]),
    ...shown.map(([name, value]) => [name, ...ordered.map((one) => String(value(one)))]),
    ...cpu,
    ...coverage,
    [silent.join(' · '), ...ordered.map(() => '0')],
  ];
}

function recoveryText(recoveryMs: number | null): string {
  if (recoveryMs === null) return 'never';
  return recoveryMs === 0 ? 'at once' : `${(recoveryMs / 1000).toFixed(1)} s`;
}
