import { SAMPLE_MS } from '../measure/figures';
import { FAULT_AFTER_MS, SCENARIOS } from '../scenarios';
import { DESIGNS } from '../designs';
import type { Outcome } from '../run';
import { drawChart, type Chart } from './plot';

/** Told apart by dash as well as by colour. */
const LOOKS = {
  'request-response': { colour: '#b35900', dash: '' },
  choreographed: { colour: '#00695c', dash: '6 3' },
  orchestrated: { colour: '#3949ab', dash: '2 3' },
} as const;

/** How many orders wait, over time, in each design under one scenario. */
export function waitingChart(scenario: string, outcomes: readonly Outcome[]): string {
  const { title } = SCENARIOS.find(({ name }) => name === scenario)!;
  const chart: Chart = {
    title,
    yLabel: 'orders that wait for their outcome or their mail',
    secondsPerValue: SAMPLE_MS / 1000,
    shaded: scenario === 'none' ? undefined : shadedOf(outcomes),
    lines: DESIGNS.map(({ name, title: label }) => ({
      ...{ label, ...LOOKS[name] },
      values: outcomes.find(({ design }) => design === name)!.queue,
    })),
  };
  return drawChart(chart);
}

/** From the strike to when the last of the designs was whole again. */
function shadedOf(outcomes: readonly Outcome[]): readonly [number, number] {
  const from = FAULT_AFTER_MS / 1000;
  return [from, from + Math.max(...outcomes.map(({ struckMs }) => struckMs)) / 1000];
}
