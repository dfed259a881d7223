import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../dev/copied-tree';
import { scratchFolder } from '../../dev/scratch-folder';
import { CACHE_FOLDER } from '../../dev/servers/cache-folder';
import { outputOf } from '../../dev/servers/find-command';
import { pythonWithPip } from '../../dev/servers/python';

/** It has the compose specification in it, so that nothing is asked of the network afterwards. */
const CHECKER = 'check-jsonschema==0.39.0';
const INSTALLED = path.join(CACHE_FOLDER, CHECKER.replace('==', '-'));
const INSTALL_TIMEOUT_MS = 180_000;

let python: string;
beforeAll(async () => {
  python = await pythonWithPip();
  if (existsSync(INSTALLED)) return;
  mkdirSync(CACHE_FOLDER, { recursive: true });
  const target = `${INSTALLED}-${process.pid}`;
  const quiet = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  const args = ['-m', 'pip', 'install', ...quiet, '--target', target, CHECKER];
  await outputOf(python, args, INSTALL_TIMEOUT_MS);
  renameSync(target, INSTALLED);
}, INSTALL_TIMEOUT_MS);

function check(file: string) {
  const args = ['-m', 'check_jsonschema', '--builtin-schema', 'vendor.compose-spec', file];
  const env = { ...process.env, PYTHONPATH: INSTALLED };
  return spawnSync(python, args, { env, encoding: 'utf8' });
}

const COMPOSE = path.join(ROOT, 'docker-compose.yml');

test('docker-compose.yml is what the compose specification allows', () => {
  const { status, stdout, stderr } = check(COMPOSE);
  expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('ok')]);
});

test('a misspelt key in it is found', () => {
  const folder = scratchFolder('tandem-compose-');
  try {
    const planted = path.join(folder.path, 'docker-compose.yml');
    writeFileSync(planted, readFileSync(COMPOSE, 'utf8').replace('healthcheck:', 'healthchek:'));
    expect(check(planted).status).toBe(1);
  } finally {
    folder.remove();
  }
});
