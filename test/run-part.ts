import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..');

/** What is said again at the end of a part that failed: a log of thousands of lines may be cut. */
const MAX_EVIDENCE_LINES = 60;
/** Of one test that failed: its message, not its whole stack. */
const MAX_LINES_OF_A_TEST = 12;

/** What of a part of the run passed, failed or was left out. */
export interface Part {
  readonly script: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Lines that tell what failed. */
  readonly evidence: readonly string[];
}

/** What jest writes with `--json`, as far as it is read here. */
interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs a script that is good or bad as a whole; what it prints is shown as it comes, or all at once. */
export async function runScript(script: string, { isShownAtOnce = false } = {}): Promise<Part> {
  if (!isShownAtOnce) console.log(`\n— npm run ${script}`);
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (into: NodeJS.WriteStream) => (text: string) => {
    output += text;
    if (!isShownAtOnce) into.write(text);
  };
  child.stdout.setEncoding('utf8').on('data', take(process.stdout));
  child.stderr.setEncoding('utf8').on('data', take(process.stderr));
  const [code] = (await once(child, 'close')) as [number | null];
  if (isShownAtOnce) console.log(`\n— npm run ${script}\n${output}`);
  const isGood = code === 0;
  const evidence = isGood ? [] : output.trimEnd().split('\n').slice(-MAX_EVIDENCE_LINES);
  return { script, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0, evidence };
}

/** Runs a suite of jest, whose results are put into the folder. */
export async function runSuite(script: string, results: string): Promise<Part> {
  console.log(`\n— npm run ${script}`);
  const resultFile = path.join(results, `${script.replaceAll(':', '-')}.json`);
  // One that leaves something open when its tests are over must not hold up the others for ever.
  const options = ['--json', `--outputFile=${resultFile}`, '--forceExit'];
  const args = ['run', '--silent', script, '--', ...options];
  // Jest prints what it counted as JSON to standard output; the file has it too.
  const child = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  const part = readResults(script, resultFile);
  // A suite that could not even be set up has failed, whatever it counted.
  if (code === 0 || part.failed > 0) return part;
  return { ...part, failed: 1, evidence: [`it ended with exit code ${code}`] };
}

/** What a suite's result file says; that there is none says that nothing could be run. */
export function readResults(script: string, resultFile: string): Part {
  try {
    const results = JSON.parse(readFileSync(resultFile, 'utf8')) as JestResults;
    return {
      script,
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      evidence: results.testResults.flatMap(failuresOf).slice(0, MAX_EVIDENCE_LINES),
    };
  } catch {
    return { script, passed: 0, failed: 1, skipped: 0, evidence: ['it left no results'] };
  }
}

function failuresOf({ name, message, assertionResults }: JestResults['testResults'][number]) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const told = failed.map(({ fullName, failureMessages }) => ({
    what: fullName,
    why: failureMessages.join('\n'),
  }));
  // Where no test failed, what is said of the file is why it could not be run, or not be ended.
  if (told.length === 0) told.push({ what: '', why: message });
  return told
    .filter(({ why }) => why !== '')
    .flatMap(({ what, why }) => [
      `✘ ${path.relative(ROOT, name)} ${what}`.trimEnd(),
      ...why.split('\n').slice(0, MAX_LINES_OF_A_TEST),
    ]);
}
