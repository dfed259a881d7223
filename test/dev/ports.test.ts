import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '../../dev/ports';
import { TYPESCRIPT } from '../../dev/typescript';
import { waitFor } from '../../dev/wait';

const ROOT = path.join(__dirname, '..', '..');
const TIMEOUT_MS = 15_000;

test('a port that another process was promised is not given away before that one listens, or ends', async () => {
  const wanted = await freePort();
  const script = `require('./dev/ports').freePort(${wanted + 1}).then((port) => {
    console.log(port);
    setInterval(() => undefined, 1_000);
  })`;
  const other = spawn(process.execPath, [...TYPESCRIPT, '-e', script], { cwd: ROOT });
  try {
    const [given] = (await once(other.stdout, 'data')) as [Buffer];
    const port = Number(String(given));
    expect(await freePort(port)).not.toBe(port);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await waitFor('the port to be free', TIMEOUT_MS, async () =>
      (await freePort(port)) === port ? true : undefined,
    );
  } finally {
    other.kill('SIGKILL');
  }
}, 30_000);
