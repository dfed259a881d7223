import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onCopyOf, ROOT } from '../../dev/copied-tree';
import { TYPESCRIPT } from '../../dev/typescript';
import { waitFor } from '../../dev/wait';

const TEST_MS = 300_000;
const START_MS = 100_000;
const REACT_MS = 60_000;

const TREE = [
  ...[
    'events',
    'domain',
    'workflows',
    'activities',
    'consumers',
    'db',
    'api',
    'workers',
    'platform',
  ],
  ...['ops', 'dev', 'bench', 'chaos', 'contrast', 'docs', 'web', 'test'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'README.md', '.env.example'],
] as const;

const page = (name: string) => readFileSync(path.join(ROOT, 'docs', name), 'utf8');

/** Writes the files that a page shows whole: their first line says where they belong. */
function writeShownFiles(copy: string, text: string): string[] {
  return [...text.matchAll(/```(?:ts|sql)\n(?:\/\/|--) (\S+)\n([\s\S]*?)```/g)].map(
    ([, file, code]) => {
      mkdirSync(path.dirname(path.join(copy, file!)), { recursive: true });
      writeFileSync(path.join(copy, file!), code!);
      return file!;
    },
  );
}

/** Changes the files of which a page shows a part, as a reader does: what is gone is replaced. */
function makeShownChanges(copy: string, text: string): string[] {
  const shown = /<!-- include \S+ changes (\S+) -->\n+```diff\n([\s\S]*?)\n```/g;
  return [...text.matchAll(shown)].map(([, file, diff]) => {
    const place = path.join(copy, file!);
    let code = readFileSync(place, 'utf8');
    for (const { before, after } of editsIn(diff!)) {
      expect(code).toContain(before);
      code = code.replace(before, () => after);
    }
    writeFileSync(place, code);
    return file!;
  });
}

/** Each run of changed lines, with the line before it, which says where it belongs. */
function editsIn(diff: string): { before: string; after: string }[] {
  const lines = diff.split('\n').map((line) => (line === '' ? ' ' : line));
  const edits: { before: string; after: string }[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    if (!/^[+-]/.test(lines[i]!)) continue;
    let end = i;
    while (/^[+-]/.test(lines[end] ?? '')) end += 1;
    const own = lines.slice(i, end);
    const around = i === 0 ? [lines[end]!] : [];
    const [head, tail] = [i === 0 ? [] : [lines[i - 1]!], around];
    const text = (sign: string) =>
      [...head, ...own.filter((line) => line[0] === sign), ...tail]
        .map((line) => line.slice(1))
        .join('\n');
    edits.push({ before: text('-'), after: text('+') });
    i = end;
  }
  return edits;
}

/** `npm start` in the copy, without npm. */
function start(
  copy: string,
  data: string,
  ...flags: string[]
): { child: ChildProcess; log: string } {
  const log = path.join(data, '..', `${path.basename(data)}.log`);
  const args = [...TYPESCRIPT, 'dev/start.ts', '--no-open', '--data', data, ...flags];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => appendFileSync(log, chunk));
  }
  return { child, log };
}

const said = (log: string) => {
  try {
    return readFileSync(log, 'utf8');
  } catch {
    return '';
  }
};

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

test(
  'who follows the pages has a consumer with the points of every order, and a saga with a step more',
  () =>
    onCopyOf(TREE, async (copy) => {
      const data = path.join(copy, '.tandem');
      const first = start(copy, data);
      try {
        await waitFor('npm start', START_MS, () => said(first.log).includes('Ctrl-C') || undefined);

        expect(writeShownFiles(copy, page('consumers.md'))).toEqual(['consumers/points.ts']);
        const consumer = spawn(
          process.execPath,
          [...TYPESCRIPT, 'dev/consumer.ts', 'points', '--data', data],
          { cwd: copy, stdio: 'ignore' },
        );
        try {
          const orderId = /Order (ord_[\w-]+)/.exec(said(first.log))![1]!;
          // The order was placed before there was such a consumer.
          await waitFor('the points of the first order', REACT_MS, () =>
            ops(copy, data, 'xray', orderId).includes('points') ? true : undefined,
          );
          expect(ops(copy, data, 'consumers', 'show', 'points')).toContain('points');
        } finally {
          await stopped(consumer);
        }
      } finally {
        await stopped(first.child);
      }

      expect(writeShownFiles(copy, page('steps.md'))).toEqual([
        ...['db/migrations/0013_deliveries.sql', 'db/deliveries.ts', 'activities/delivery.ts'],
      ]);
      expect(makeShownChanges(copy, page('steps.md'))).toEqual([
        'activities/index.ts',
        'workflows/steps.ts',
      ]);
      const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
      const compiled = spawnSync(tsc, ['-p', '.'], { cwd: copy, encoding: 'utf8' });
      expect([compiled.stdout, compiled.status]).toEqual(['', 0]);

      const second = start(copy, data, '--once');
      const code = await new Promise((resolve) => second.child.once('exit', resolve));
      expect([code, said(second.log)]).toEqual([0, expect.stringContaining('book delivery')]);
    }),
  TEST_MS,
);

function ops(copy: string, data: string, ...args: string[]): string {
  const command = [...TYPESCRIPT, 'ops/main.ts', ...args, '--data', data];
  return spawnSync(process.execPath, command, { cwd: copy, encoding: 'utf8' }).stdout;
}
