import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { ROOT } from '../../dev/copied-tree';
import { TYPESCRIPT } from '../../dev/typescript';

/** The doctor on a machine where nothing is on PATH and nothing is in the cache. */
function doctor(environment: Record<string, string>) {
  const { stdout, status } = spawnSync(process.execPath, [...TYPESCRIPT, 'dev/doctor.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: '', XDG_CACHE_HOME: `${tmpdir()}/nothing-here`, NO_COLOR: '1', ...environment },
  });
  return { stdout, status };
}

test('names each thing that is missing with the line that fixes it, and exits with 1', () => {
  const { stdout, status } = doctor({});
  expect(stdout).toMatch(/✔ Node.js +v\d+/);
  expect(stdout).toMatch(/✘ npm +missing\. This fixes it: /);
  expect(stdout).toMatch(/✘ Redis +missing\. This fixes it: .*redis/);
  expect(stdout).toMatch(/✘ Temporal +missing\. This fixes it: .*temporal/);
  expect(status).toBe(1);
});

test('takes servers that are given for found', () => {
  const { stdout } = doctor({
    DATABASE_URL: 'postgresql://x',
    REDIS_URL: 'redis://x',
    TEMPORAL_ADDRESS: 'x:7233',
  });
  expect(stdout).toMatch(/✔ PostgreSQL +DATABASE_URL is set/);
  expect(stdout).toMatch(/✔ Redis +REDIS_URL is set/);
  expect(stdout).toMatch(/✔ Temporal +TEMPORAL_ADDRESS is set/);
});
