import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..');
const CHECKS = ['format', 'lint', 'types', 'layers', 'unused'];
/** Cheap ones first. Those beside each other wait more than they work, each on servers of its own. */
const SUITES = [
  ['test:unit'],
  ['test:int'],
  ['conformance:standalone', 'conformance:cluster'],
  ['test:e2e', 'test:e2e:own'],
];

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** What of a part of the run passed, failed or was left out. */
interface Count {
  readonly part: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Everything that CI runs: the checks, the replay, the matrix, then the suites. */
async function runAll(): Promise<Count[]> {
  const results = mkdtempSync(path.join(tmpdir(), 'tandem-results-'));
  try {
    const counts = [...(await runChecks()), await runScript('replay'), await runScript('matrix')];
    for (const atOnce of SUITES) {
      counts.push(...(await Promise.all(atOnce.map((suite) => runSuite(suite, results)))));
    }
    return counts;
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** At once: each takes one core, and most of a minute. */
function runChecks(): Promise<Count[]> {
  return Promise.all(
    CHECKS.map(async (check) => {
      const args = ['run', '--silent', `check:${check}`];
      const run = promisify(execFile)('npm', args, { cwd: ROOT, maxBuffer: MAX_OUTPUT_BYTES });
      const { isGood, stdout, stderr } = await run.then(
        (output) => ({ isGood: true, ...output }),
        (error: { stdout: string; stderr: string }) => ({ isGood: false, ...error }),
      );
      console.log(`\n— npm run check:${check}\n${stdout}${stderr}`);
      return countOne(`check:${check}`, isGood);
    }),
  );
}

async function runScript(name: string): Promise<Count> {
  console.log(`\n— npm run ${name}`);
  return countOne(name, (await npmRun(name)) === 0);
}

function countOne(part: string, isGood: boolean): Count {
  return { part, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
}

async function runSuite(suite: string, results: string): Promise<Count> {
  console.log(`\n— npm run ${suite}`);
  const resultFile = path.join(results, `${suite.replaceAll(':', '-')}.json`);
  const status = await npmRun(suite, '--', '--json', `--outputFile=${resultFile}`);
  const count = readCount(suite, resultFile);
  // A suite that could not even be set up has failed, whatever it counted.
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function readCount(part: string, resultFile: string): Count {
  try {
    const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Record<string, number>;
    return {
      part,
      passed: result['numPassedTests']!,
      failed: result['numFailedTests']! + result['numRuntimeErrorTestSuites']!,
      skipped: result['numPendingTests']! + result['numTodoTests']!,
    };
  } catch {
    return { part, passed: 0, failed: 0, skipped: 0 };
  }
}

async function npmRun(...args: string[]): Promise<number | null> {
  // Jest prints what it counted as JSON to standard output; the file has it too.
  const isSuite = args.includes('--json');
  const child = spawn('npm', ['run', '--silent', ...args], {
    cwd: ROOT,
    stdio: ['ignore', isSuite ? 'ignore' : 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Says where something failed, and in the last line the total. */
function report(counts: readonly Count[]): void {
  const sum = (what: 'passed' | 'failed' | 'skipped') =>
    counts.reduce((total, count) => total + count[what], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (failed > 0 || passed === 0) process.exitCode = 1;
  for (const count of counts.filter((one) => one.failed > 0)) {
    console.log(`\n${count.failed} failed in npm run ${count.part}`);
  }
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

void runAll().then(report);
