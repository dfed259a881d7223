import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runScript, runSuite, type Part } from './run-part';

const CHECKS = ['format', 'lint', 'types', 'layers', 'unused'];
/** Cheap ones first. Those beside each other wait more than they work, each on servers of its own. */
const SUITES = [
  ['test:int'],
  ['conformance:standalone', 'conformance:cluster'],
  ['test:e2e', 'test:e2e:own'],
];

/** Everything that CI runs: the checks, the replay, the matrix beside the unit tests, the other suites. */
async function runAll(): Promise<Part[]> {
  const results = mkdtempSync(path.join(tmpdir(), 'tandem-results-'));
  try {
    // At once: each takes one core, and most of a minute.
    const checks = CHECKS.map((check) => runScript(`check:${check}`, { isShownAtOnce: true }));
    const parts = [...(await Promise.all(checks))];
    parts.push(await runScript('replay'));
    // The matrix waits for most of its time.
    parts.push(...(await Promise.all([runSuite('test:unit', results), runScript('matrix')])));
    for (const atOnce of SUITES) {
      parts.push(...(await Promise.all(atOnce.map((suite) => runSuite(suite, results)))));
    }
    return parts;
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** Says what failed where, and in the last line the total. */
function report(parts: readonly Part[]): void {
  const sum = (what: 'passed' | 'failed' | 'skipped') =>
    parts.reduce((total, part) => total + part[what], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (failed > 0 || passed === 0) process.exitCode = 1;
  for (const part of parts.filter((one) => one.failed > 0)) {
    console.log(`\n${part.failed} failed in npm run ${part.script}`);
    for (const line of part.evidence) console.log(`  ${line}`);
  }
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

void runAll().then(report);
