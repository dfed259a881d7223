import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readResults } from '../run-part';

const folder = mkdtempSync(path.join(tmpdir(), 'ci-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what failed is told with its message, and nothing of what passed', () => {
  const part = readResults(
    'test:unit',
    saved({
      ...{ numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 1 },
      ...{ numPendingTests: 1, numTodoTests: 0 },
      testResults: [
        {
          name: path.join(__dirname, 'mixed.test.ts'),
          message: 'all that jest says of this file',
          assertionResults: [
            { status: 'passed', fullName: 'is well', failureMessages: [] },
            { status: 'failed', fullName: 'is not well', failureMessages: ['expected 1\ngot 2'] },
          ],
        },
        {
          name: path.join(__dirname, 'broken.test.ts'),
          message: 'cannot find module',
          assertionResults: [],
        },
        {
          name: path.join(__dirname, 'unended.test.ts'),
          message: 'afterAll threw',
          assertionResults: [{ status: 'passed', fullName: 'is well', failureMessages: [] }],
        },
        { name: path.join(__dirname, 'good.test.ts'), message: '', assertionResults: [] },
      ],
    }),
  );
  expect(part).toEqual({
    ...{ script: 'test:unit', passed: 3, failed: 2, skipped: 1 },
    evidence: [
      '✘ test/guards/mixed.test.ts is not well',
      ...['expected 1', 'got 2'],
      '✘ test/guards/broken.test.ts',
      'cannot find module',
      '✘ test/guards/unended.test.ts',
      'afterAll threw',
    ],
  });
});

test('a suite without results has failed, and says so', () => {
  const part = readResults('test:unit', path.join(folder, 'none.json'));
  expect(part).toMatchObject({ failed: 1, evidence: ['it left no results'] });
});

function saved(results: object): string {
  const file = path.join(folder, 'results.json');
  writeFileSync(file, JSON.stringify(results));
  return file;
}
