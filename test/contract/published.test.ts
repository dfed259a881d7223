import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TYPESCRIPT } from '../../dev/typescript';

const ROOT = path.join(__dirname, '..', '..');
const CHECK = [...TYPESCRIPT, 'dev/contract/main.ts', 'check'];

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'tandem-events-'));
  const parts = ['dev/contract', 'api/contract', 'events', 'docs/events', 'docs/events.md'];
  for (const part of [...parts, 'tsconfig.json', 'package.json', '.prettierrc.json'])
    cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true }));

function plant(from: string, to: string, where = 'events/order-events.ts'): void {
  const file = path.join(copy, where);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

function check() {
  const { status, stderr } = spawnSync(process.execPath, CHECK, { cwd: copy, encoding: 'utf8' });
  return { status, stderr };
}

test('what is published is what events/ says', () => {
  expect(execFileSync(process.execPath, CHECK, { cwd: ROOT, encoding: 'utf8' })).toContain(
    'as they',
  );
});

test('a field that is taken out of a published event is refused', () => {
  plant('lines: z.array(orderLine).min(1),', '');
  const { status, stderr } = check();
  expect(status).toBe(1);
  expect(stderr).toContain('shop.order.created.v1 .data.lines: removed');
});

test('a published event that is taken away is refused', () => {
  plant('  PaymentRefunded,\n];', '];');
  expect(check()).toMatchObject({
    ...{
      status: 1,
      stderr: expect.stringContaining('shop.payment.refunded.v1: removed') as unknown,
    },
  });
});

test('an optional field is no break, but has to be published', () => {
  plant(
    'customerId: z.string().min(1),',
    'customerId: z.string().min(1), gift: z.string().optional(),',
  );
  const { status, stderr } = check();
  expect({ status, isBreak: stderr.includes('new version') }).toEqual({
    status: 1,
    isBreak: false,
  });
  expect(stderr).toContain('events.md: not up to date');
});

test('an AsyncAPI document that breaks its specification is refused', () => {
  plant("action: 'send'", "action: 'shout'", 'api/contract/asyncapi.ts');
  const { status, stderr } = check();
  expect(status).toBe(1);
  expect(stderr).toContain('/operations/publishOrderEvents/action');
});
