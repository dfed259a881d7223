import { execFileSync } from 'node:child_process';
import { ROOT } from '../../dev/copied-tree';
import { TYPESCRIPT } from '../../dev/typescript';

/** How many files of the servers' clients `npm run ops -- AREA --help` loads. */
function serverFilesFor(area: string): number {
  const script = `require('./ops/main.ts');
    process.on('exit', () => {
      const loaded = Object.keys(require.cache);
      console.log(loaded.filter((file) => /node_modules.(@temporalio|@redis|kysely)/.test(file)).length);
    });`;
  const args = [...TYPESCRIPT, '-e', script, 'ops', area, '--help'];
  const said = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(said).toContain(`npm run ops -- ${area}`);
  return Number(said.trim().split('\n').at(-1));
}

test('a command about the API does not wait for the clients of other servers to load', () => {
  expect(['orders', 'products', 'keys'].map(serverFilesFor)).toEqual([0, 0, 0]);
  expect(serverFilesFor('saga')).toBeGreaterThan(0);
});
