import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..');
const CHECKS = ['format', 'lint', 'types', 'layers', 'unused'];
const SUITES = ['test:unit', 'test:int', 'conformance:standalone', 'conformance:cluster'];
/** They wait more than they work, each on a system of its own, and none of them for long. */
const SUITES_AT_ONCE = ['test:e2e', 'test:e2e:own'];

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** What of a run passed, failed or was left out. */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Everything that CI runs: the checks, the replay, the matrix, then the suites, cheap ones first. */
async function runAll(): Promise<Count> {
  const results = mkdtempSync(path.join(tmpdir(), 'tandem-results-'));
  try {
    const counts = [...(await runChecks()), await runScript('replay'), await runScript('matrix')];
    for (const suite of SUITES) counts.push(await runSuite(suite, results));
    counts.push(...(await Promise.all(SUITES_AT_ONCE.map((suite) => runSuite(suite, results)))));
    return counts.reduce((sum, count) => ({
      passed: sum.passed + count.passed,
      failed: sum.failed + count.failed,
      skipped: sum.skipped + count.skipped,
    }));
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
      return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
    }),
  );
}

async function runScript(name: string): Promise<Count> {
  console.log(`\n— npm run ${name}`);
  const isGood = (await npmRun(name)) === 0;
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
}

async function runSuite(suite: string, results: string): Promise<Count> {
  console.log(`\n— npm run ${suite}`);
  const resultFile = path.join(results, `${suite.replaceAll(':', '-')}.json`);
  const status = await npmRun(suite, '--', '--json', `--outputFile=${resultFile}`);
  const count = readCount(resultFile);
  // A suite that could not even be set up has failed, whatever it counted.
  if (status !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

function readCount(resultFile: string): Count {
  try {
    const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Record<string, number>;
    return {
      passed: result['numPassedTests']!,
      failed: result['numFailedTests']! + result['numRuntimeErrorTestSuites']!,
      skipped: result['numPendingTests']! + result['numTodoTests']!,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
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

void runAll().then(({ passed, failed, skipped }) => {
  if (failed > 0 || passed === 0) process.exitCode = 1;
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
});
