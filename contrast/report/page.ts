import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../dev/copied-tree';
import { pretty } from '../../dev/contract/published-files';
import { sizeOf } from '../changes/count';
import { DESIGNS } from '../designs';
import type { Outcome } from '../run';
import { SCENARIOS, type Scenario } from '../scenarios';
import { waitingChart } from './charts';
import { CLAIMS, type ByDesign } from './claims';
import type { Results } from './results-file';
import { tableOf } from './table';
import { ASPECTS, CARRIERS, CHOICE, INTRODUCTION, LIMITS, MEANINGS } from './words';

const PAGE = 'docs/contrast.md';
const PLOTS = 'docs/contrast';

/** Writes docs/contrast.md and its plots. */
export async function writePage(results: Results): Promise<void> {
  mkdirSync(path.join(ROOT, PLOTS), { recursive: true });
  for (const [file, text] of await pageOf(results)) writeFileSync(file, text);
  console.log(`${PAGE} is written`);
}

/** The page and its plots, by the files in which they belong. */
export async function pageOf(results: Results): Promise<Map<string, string>> {
  const runs = SCENARIOS.map((scenario) => {
    const outcomes = results.outcomes.filter((one) => one.scenario === scenario.name);
    return { scenario, outcomes };
  });
  const sections = [
    '# The same order, three ways',
    INTRODUCTION,
    '## When to choose which',
    CHOICE,
    '## What was measured',
    circumstances(results),
    ...runs.map(({ scenario, outcomes }) => sectionOf(scenario, outcomes)),
    '### What each figure means',
    MEANINGS.map(([figure, means]) => `- **${figure}**: ${means}`).join('\n'),
    '## What a change costs',
    changes(results),
    '## Where to look',
    places(),
    '## The whole comparison',
    table(['', ...DESIGNS.map(({ title }) => title)], ASPECTS),
    '## Events and commands; queue, pub/sub and stream',
    CARRIERS,
    '## What this does not say',
    LIMITS,
  ];
  const page = path.join(ROOT, PAGE);
  return new Map([
    [page, await pretty(page, sections.join('\n\n'))],
    ...runs.map(({ scenario, outcomes }): [string, string] => [
      path.join(ROOT, PLOTS, `${scenario.name}.svg`),
      waitingChart(scenario.name, outcomes),
    ]),
  ]);
}

function circumstances({ date, commit, cores, node, seed, outcomes }: Results): string {
  const orders = outcomes.reduce((sum, one) => sum + one.orders, 0);
  return `By \`npm run contrast\` on ${date}, at commit ${commit}, seed ${seed}, ${cores} cores, Node ${node}: ${orders} orders in ${outcomes.length} runs, the same
for each design, 15 a second, one in twelve with a card that is declined, one in twenty-five for a product that is sold out. The
fault strikes after five seconds (shaded). Each run is \`npm run contrast -- --scenario NAME --design NAME\`.`;
}

function sectionOf(scenario: Scenario, outcomes: readonly Outcome[]): string {
  const run = Object.fromEntries(outcomes.map((one) => [one.design, one])) as unknown as ByDesign;
  const claims = (CLAIMS[scenario.name] ?? []).map(({ says, holds, because }) =>
    `- ${holds(run) ? '✔' : '✘ **not in this run:**'} ${says} ${because}`.trimEnd(),
  );
  return [
    `### ${scenario.title}`,
    `![${scenario.title}: how many orders wait, over time](contrast/${scenario.name}.svg)`,
    table(['', ...DESIGNS.map(({ title }) => title)], tableOf(outcomes)),
    `What theory says, and whether this run agrees:`,
    claims.join('\n'),
  ].join('\n\n');
}

function changes({ sizes }: Results): string {
  const kinds = [
    ['consumer', 'a reaction: loyalty points'],
    ['step', 'a step, with its undo: book a delivery'],
  ] as const;
  const rows = kinds.flatMap(([kind, what]) =>
    DESIGNS.map((design) => {
      const change = design.changes[kind];
      const size = sizeOf(change);
      const files = (count: number, lines: number) =>
        count === 0 ? 'none' : `${count} (${lines} lines)`;
      return [
        `${what}, ${design.title.toLowerCase()} ([patch](../contrast/changes/${change.patch}))`,
        files(size.filesChanged, size.linesInThem),
        files(size.filesNew, size.linesNew),
        change.restarts.join(', ') || 'none',
        change.starts.join(', ') || 'none',
      ];
    }),
  );
  const head = ['change', 'files changed', 'files new', 'processes restarted', 'processes new'];
  return `Counted from the patches that the runs above have applied:

${table(head, rows)}

A reaction is one new file where there are events. A step is a change wherever somebody must know of it: in the choreography
that is who listened to the step before. The orchestrated step is the longest because it brings its table's migration and
roles along, and the shortest where it matters: one entry in the list of steps.

How much there is to read:

${table(
  ['', 'files', 'lines'],
  DESIGNS.map(({ name, title }) => [title, ...sizeOfCode(sizes[name])]),
)}

With the participants. The consumer runtime (\`consumers/runtime/\`), which the choreography and the product have in common, is not
counted. The product's lines are those of its whole saga, its SQL left out, and of its notification consumer, with cancelling,
operators' decisions, versions and reconciliation, which the other two do not have.`;
}

function sizeOfCode(size: { files: number; lines: number } | undefined): string[] {
  return [String(size?.files), String(size?.lines)];
}

function places(): string {
  const rows = DESIGNS.flatMap(({ title, places: all }) =>
    all.map(({ where, tells }, i) => [
      i === 0 ? `${title}: **${all.length}**` : '',
      `\`${where}\``,
      tells,
    ]),
  );
  const atOnce = DESIGNS.flatMap(({ title, atOnce: command }) =>
    command === undefined ? [] : [`${title}: \`${command}\` reads all of them.`],
  );
  return `To say of one order what has been done and what is still to come, one must look in so many places:

${table(['', 'where', 'what it tells'], rows)}

${atOnce.join('\n')} It has as many places as the choreography, and can be asked as one because one order has one saga, one
journal and one id in all of them; such a command can be written for the other two, and somebody has to.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
