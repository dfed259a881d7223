import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const ROOT = path.join(__dirname, '..', '..');
const logger = new DefaultLogger('ERROR', () => undefined);

async function bundle(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger });
  return code;
}

/** Modules that the bundle asks its surroundings for. */
function builtinsIn(code: string): string[] {
  const asked = [...code.matchAll(/require\("(?:node:)?([\w/]+)"\)/g)].map((match) => match[1]!);
  return asked.filter((name) => builtinModules.includes(name) && name !== 'assert');
}

test('the workflow bundle builds and holds no Node built-in', async () => {
  const code = await bundle(path.join(ROOT, 'workflows', 'index.ts'));
  expect(code).toContain('orderSaga');
  expect(builtinsIn(code)).toEqual([]);
});

test('a workflow that reads the clock of the machine through node:fs does not bundle', async () => {
  mkdirSync(path.join(ROOT, '.tandem'), { recursive: true });
  const copy = mkdtempSync(path.join(ROOT, '.tandem', 'planted-'));
  try {
    for (const folder of ['workflows', 'domain']) {
      cpSync(path.join(ROOT, folder), path.join(copy, folder), { recursive: true });
    }
    const planted = path.join(copy, 'workflows', 'endings.ts');
    appendFileSync(planted, `\nimport { readFileSync } from 'node:fs';\n`);
    appendFileSync(planted, `export const clock = () => readFileSync('/proc/uptime', 'utf8');\n`);
    writeFileSync(
      path.join(copy, 'workflows', 'index.ts'),
      `export { orderSaga } from './order-saga';\nexport { clock } from './endings';\n`,
    );
    await expect(bundle(path.join(copy, 'workflows', 'index.ts'))).rejects.toThrow(
      /Webpack finished with errors/,
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
