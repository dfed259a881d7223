import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startControlServer } from '../../dev/control/server';
import { ROOT } from '../../dev/copied-tree';
import { onScratchSystem } from '../../dev/scratch-system';
import { SERVICES } from '../../dev/system';
import { TYPESCRIPT } from '../../dev/typescript';

const TEST_MS = 240_000;

/** Twice what the machine of a test has cores: every process has to start meanwhile, too. */
const RATE = '5';

test(
  'every process is started anew while orders come: no request fails, and no order is lost',
  () =>
    onScratchSystem({ name: 'rolling' }, async (system) => {
      await system.controlPort();
      await system.startBalancer();
      await Promise.all([
        system.startReplicas('api', 2),
        system.startReplicas('saga-worker', 1),
        system.startReplicas('consumer-worker', 1),
        system.startNotificationWorker(),
      ]);
      system.saveSettings();
      const before = pidsOf(system);
      const close = await startControlServer(system);
      try {
        const args = ['dev/rolling-restart.ts', '--rate', RATE, '--data', system.folder];
        const { stdout } = await promisify(execFile)(process.execPath, [...TYPESCRIPT, ...args], {
          cwd: ROOT,
        });
        expect(stdout).toMatch(/^\d{2,} orders placed and \d{2,} read: 0 requests failed$/m);
        expect(stdout).toMatch(/^0 orders lost or without an end$/m);
      } finally {
        close();
      }
      const after = pidsOf(system);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      expect(after).not.toMatchObject({ api: before['api'] });
      for (const name of [...SERVICES, 'api-2', 'notification-worker']) {
        expect([name, after[name]]).not.toEqual([name, before[name]]);
      }
    }),
  TEST_MS,
);

function pidsOf({ processes }: { processes: { pidOf(name: string): number | undefined } }) {
  const names = [...SERVICES, 'api-2', 'notification-worker'];
  return Object.fromEntries(names.map((name) => [name, processes.pidOf(name)]));
}
