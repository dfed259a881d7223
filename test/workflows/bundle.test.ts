import { appendFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { onCopyOf, ROOT } from '../../dev/copied-tree';

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

/** Folders of ours that are in the bundle, as its source map names them. */
function oursIn(code: string): string[] {
  const [, map = ''] = /sourceMappingURL=data:[^,]*base64,(\S+)/.exec(code) ?? [];
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: string[] };
  const ours = sources.filter((file) => file.endsWith('.ts') && !file.includes('node_modules'));
  return [...new Set(ours.map((file) => path.basename(path.dirname(file))))].sort();
}

test('the workflow bundle builds and holds no Node built-in', async () => {
  const code = await bundle(path.join(ROOT, 'workflows', 'index.ts'));
  expect(code).toContain('orderSaga');
  expect(builtinsIn(code)).toEqual([]);
  // A bundle is kept for as long as nothing in these changes.
  expect(oursIn(code)).toEqual(['domain', 'workflows']);
});

test('a workflow that reads the clock of the machine through node:fs does not bundle', async () => {
  await onCopyOf(['workflows', 'domain'], async (copy) => {
    appendFileSync(
      path.join(copy, 'workflows', 'endings.ts'),
      `import { readFileSync } from 'node:fs';
       export const clock = () => readFileSync('/proc/uptime', 'utf8');`,
    );
    appendFileSync(path.join(copy, 'workflows', 'index.ts'), `export { clock } from './endings';`);
    const bundling = bundle(path.join(copy, 'workflows', 'index.ts'));
    await expect(bundling).rejects.toThrow(/Webpack finished with errors/);
  });
});
