import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { endLeftovers } from '../../dev/processes';
import { TYPESCRIPT } from '../../dev/typescript';
import { waitFor } from '../../dev/wait';
import { testFolder } from '../jest/test-folder';

const ROOT = path.join(__dirname, '..', '..');
const START_TIMEOUT_MS = 100_000;

const folder = testFolder('launcher');
const data = folder.path;
afterAll(async () => {
  await endLeftovers(data);
  folder.remove();
});

/** `npm start` on a data folder of this test's own, without npm. */
class Launcher {
  output = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(...flags: string[]) {
    const args = [...TYPESCRIPT, 'dev/start.ts', '--data', data, ...flags];
    this.child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
  }

  async up(): Promise<void> {
    const isUp = await waitFor('the box of links', START_TIMEOUT_MS, () => {
      if (this.child.exitCode !== null) return false;
      return this.output.includes('Ctrl-C stops everything') ? true : undefined;
    });
    if (!isUp) throw new Error(this.output);
  }

  link(name: string): string {
    return new RegExp(`${name} +(http\\S+)`).exec(this.output)![1]!;
  }
}

/** The command lines of the processes that were started for our data folder. */
function processesOfData(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        // Redis writes its title over its environment, but works in its folder of the data.
        const isOurs =
          environment.includes(`TANDEM_DATA_FOLDER=${data}`) ||
          readlinkSync(`/proc/${pid}/cwd`).startsWith(data);
        if (!isOurs) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

test('places an order, tells its journey, survives a crash of its own, and leaves nothing behind', async () => {
  const once = new Launcher('--once', '--fresh');
  expect([await once.ended, once.output]).toEqual([0, expect.stringContaining('confirmed in')]);
  for (const told of [
    'reserve stock',
    'capture payment',
    'OrderCreated',
    'PaymentCaptured',
    'loyalty',
    'notification',
  ]) {
    expect(once.output).toContain(told);
  }
  const orderId = /Order (ord_[\w-]+)/.exec(once.output)![1]!;
  expect(processesOfData()).toEqual([]);

  const crashing = new Launcher();
  await crashing.up();
  const [, apiKey] = /^TANDEM_API_KEY=(.+)$/m.exec(
    readFileSync(path.join(data, 'system.env'), 'utf8'),
  )!;
  const api = new URL(crashing.link('API')).origin;
  const kept = await fetch(`${api}/v1/orders/${orderId}`, {
    headers: { Authorization: `Bearer ${apiKey}` },
  });
  expect(await kept.json()).toMatchObject({ status: 'confirmed', paymentStatus: 'captured' });
  const second = new Launcher('--once');
  expect([await second.ended, second.output]).toEqual([
    1,
    expect.stringContaining('already running'),
  ]);
  crashing.child.kill('SIGKILL');
  await crashing.ended;
  const left = processesOfData().join('\n');
  for (const name of [
    'postgres',
    'redis',
    'temporal',
    'saga-worker',
    'consumer-worker',
    'api/server',
  ]) {
    expect(left).toContain(name);
  }

  const next = new Launcher();
  await next.up();
  expect(next.output).toContain('Ended what an earlier run left behind');
  next.child.kill('SIGINT');
  expect(await next.ended).toBe(0);
  expect(processesOfData()).toEqual([]);
}, 300_000);

test.each([
  ['--port', '0'],
  ['--port', 'x'],
  ['--port', '65536'],
  ['--nonsense', 'x'],
  ['--data', ''],
])('refuses the flags %s %s before it starts anything', async (...flags) => {
  const launcher = new Launcher(...flags);
  expect(await launcher.ended).toBe(1);
  expect(launcher.output).toMatch(/--port takes|Unknown option|--data takes/);
});

test(
  'places an order on a Redis Cluster, in another namespace, by a worker with a version',
  async () => {
    const flags = ['--redis', 'cluster', '--namespace', 'shop-eu', '--deployment', 'saga:1'];
    // Again on the data of before: the nodes find each other on whatever ports they have now.
    for (const more of [['--fresh'], []]) {
      const once = new Launcher('--once', ...more, ...flags);
      expect([await once.ended, once.output]).toEqual([0, expect.stringContaining('confirmed in')]);
      expect(once.output).toContain('redis+cluster://');
    }
  },
  START_TIMEOUT_MS * 2,
);
