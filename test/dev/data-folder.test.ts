import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeData } from '../../dev/data-folder';
import { scratchFolder } from '../../dev/scratch-folder';
import { secretsOf } from '../../dev/secrets';

const scratch = scratchFolder('tandem-data-folder-');
afterAll(() => scratch.remove());

function folderWith(name: string): string {
  const folder = path.join(scratch.path, name);
  mkdirSync(path.join(folder, 'logs'), { recursive: true });
  writeFileSync(path.join(folder, 'logs', 'precious.log'), 'precious');
  writeFileSync(path.join(folder, 'other.txt'), 'other');
  return folder;
}

test("data of Tandem's is removed, and what else is in its folder stays", () => {
  const folder = folderWith('ours');
  secretsOf(folder);
  removeData(folder);
  expect(
    ['logs', 'secrets.json', 'other.txt'].map((name) => existsSync(path.join(folder, name))),
  ).toEqual([false, false, true]);
});

test("a folder of somebody else's is left alone, whatever its files are called", () => {
  const folder = folderWith('foreign');
  expect(() => removeData(folder)).toThrow(/somebody else's/);
  expect(readFileSync(path.join(folder, 'logs', 'precious.log'), 'utf8')).toBe('precious');
});

test('a folder that is empty or not there has nothing to remove', () => {
  expect(() => removeData(path.join(scratch.path, 'nowhere'))).not.toThrow();
});
