import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { onCopyOf, ROOT } from '../../dev/copied-tree';

const FOLDERS = [
  ...['events', 'domain', 'workflows', 'activities', 'consumers'],
  ...['db', 'api', 'workers', 'platform', 'ops', 'dev', 'contrast', 'web'],
];

const CONFIGURATION = [
  ...['.dependency-cruiser.js', '.dependency-cruiser.determinism.js'],
  ...['tsconfig.json', 'package.json'],
];

/** A file with a forbidden import, and the rule that must report it. */
const PLANTED: [rule: string, file: string, code: string][] = [
  ['events-import-nothing', 'events/planted.ts', `export * from '../domain/money';`],
  ['domain-imports-event-types', 'domain/planted.ts', `export * from '../db/orders';`],
  [
    'domain-imports-events-as-types-only',
    'domain/planted2.ts',
    `export * from '../events/streams';`,
  ],
  ['workflows-import', 'workflows/planted.ts', `export * from '../platform/log';`],
  [
    'workflows-import-activities-and-events-as-types-only',
    'workflows/planted2.ts',
    `export * from '../activities/refuse';`,
  ],
  ['workflows-import-only-temporal-from-outside', 'workflows/planted3.ts', `export * from 'pino';`],
  ['activities-import', 'activities/planted.ts', `export * from '../api/http/problem';`],
  ['runtime-imports', 'consumers/runtime/planted.ts', `export * from '../../events/order-events';`],
  ['consumers-import', 'consumers/planted.ts', `export * from '../activities/refuse';`],
  ['a-consumer-knows-no-other', 'consumers/planted2.ts', `export * from './loyalty';`],
  ['db-imports', 'db/planted.ts', `export * from '../platform/config';`],
  ['api-imports', 'api/planted.ts', `export * from '../activities/refuse';`],
  [
    'api-imports-workflows-as-types-only',
    'api/planted2.ts',
    `export * from '../workflows/endings';`,
  ],
  ['platform-imports-nothing', 'platform/planted.ts', `export * from '../domain/money';`],
  ['nothing-imports-a-composition-root', 'workers/planted.ts', `import './saga-worker';`],
  [
    'product-imports-no-tools-of-development',
    'workers/planted2.ts',
    `export * from '../dev/wait';`,
  ],
  ['web-imports-the-client-types', 'web/planted.ts', `export type * from '../db/orders';`],
  ['web-imports-the-client-types-only', 'web/planted2.ts', `export * from '../api/client/schema';`],
  ['nothing-imports-the-page', 'api/planted3.ts', `export * from '../web/session';`],
  ['product-imports-no-tools-of-development', 'ops/planted.ts', `export * from '../dev/wait';`],
  [
    'product-imports-no-tools-of-development',
    'workers/planted9.ts',
    `export * from '../contrast/placement-deadline';`,
  ],
  ['no-cycles', 'domain/planted3.ts', `export * from './planted4';`],
  ['no-cycles', 'domain/planted4.ts', `export * from './planted3';`],
];
const PLANTED_FOR_DETERMINISM: typeof PLANTED = [
  ['workflows-never-reach-node-or-a-driver', 'workflows/planted4.ts', `export * from './reach';`],
  ['workflows-never-reach-node-or-a-driver', 'workflows/reach.ts', `export * from 'node:fs';`],
];

const RING_CLOSED = 'no-cycles by domain/planted4.ts';

function violations(folder: string, config: string): string[] {
  const program = path.join(ROOT, 'node_modules', '.bin', 'depcruise');
  const args = ['--config', config, '--output-type', 'json', ...FOLDERS];
  // With this output it exits with 0 whatever it finds.
  const output = execFileSync(program, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(output.toString()) as {
    summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] };
  };
  expect(summary.totalCruised).toBeGreaterThan(100);
  return summary.violations.map(({ rule, from }) => `${rule.name} by ${from}`);
}

test.each([
  ['.dependency-cruiser.js', PLANTED],
  ['.dependency-cruiser.determinism.js', PLANTED_FOR_DETERMINISM],
])('%s reports each planted violation of the layers', async (config, planted) => {
  await onCopyOf([...FOLDERS, ...CONFIGURATION], (copy) => {
    expect(violations(copy, config)).toEqual([]);

    for (const [, file, code] of planted) writeFileSync(path.join(copy, file), `${code}\n`);
    const reported = new Set(violations(copy, config));
    const expected = planted.map(([rule, file]) => `${rule} by ${file}`);
    // A ring is told of where it is first met, and one file may break a second rule with its first.
    expect([...reported]).toEqual(
      expect.arrayContaining(expected.filter((report) => report !== RING_CLOSED)),
    );
  });
});
