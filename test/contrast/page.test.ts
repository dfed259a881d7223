import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CLAIMS } from '../../contrast/report/claims';
import { readResults } from '../../contrast/report/results-file';
import { DESIGNS } from '../../contrast/designs';
import { SCENARIOS } from '../../contrast/scenarios';
import { capacityTable } from '../../bench/capacity';
import { ROOT } from '../../dev/copied-tree';
import { TYPESCRIPT } from '../../dev/typescript';

test('docs/contrast.md says what the last run has measured', () => {
  const args = [...TYPESCRIPT, 'contrast/main.ts', '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test('the last run has every design under every scenario, and each has something that theory says', () => {
  const { outcomes } = readResults();
  expect(outcomes).toHaveLength(DESIGNS.length * SCENARIOS.length);
  expect(Object.keys(CLAIMS).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
});

test('docs/scale.md has the table that npm run bench -- capacity prints', () => {
  const cells = (text: string) => text.replaceAll(/[ -]+/g, ' ').replaceAll(' :|', ' |');
  const page = cells(readFileSync(path.join(ROOT, 'docs', 'scale.md'), 'utf8'));
  for (const row of capacityTable().split('\n')) {
    if (!/^\| ---/.test(row)) expect(page).toContain(cells(row));
  }
});

test('the pages have the code of the source', () => {
  const args = [...TYPESCRIPT, 'dev/docs/main.ts', '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
