import { spawnSync } from 'node:child_process';
import { OrderCreated } from '../../events/order-events';
import { ROOT } from '../../dev/copied-tree';
import { TYPESCRIPT } from '../../dev/typescript';
import { eventId } from '../../events/envelope';
import { Stack } from '../e2e/stack';
import { documentedCommands } from './commands';

const TEST_MS = 180_000;
const COMMAND_TIMEOUT_MS = 60_000;
const SKU = 'DOCUMENTED';

/** Pages whose commands are for somebody who runs a shop. */
const PAGES = ['operations', 'api', 'security', 'walkthrough', 'deploy', 'consumers'];

/** What waits for somebody, or begins something of its own that has a test of its own. */
const TRIED_ELSEWHERE = /^(watch|first-key)$/;

let stack: Stack;
let orderId: string;
let keyId: string;
beforeAll(async () => {
  stack = await Stack.open();
  await stack.stock(SKU, 10);
  orderId = (await stack.place({ sku: SKU })).id;
  await stack.ended(orderId);
  const made = runOps(['keys', 'create', 'documented', '--scopes', 'orders', '--json', '--yes']);
  keyId = (JSON.parse(made.stdout) as { id: string }).id;
}, TEST_MS);
afterAll(async () => {
  // A page pauses it, and other tests wait for it.
  runOps(['consumers', 'resume', 'loyalty', '--yes']);
  await stack.close();
}, TEST_MS);

function runOps(args: readonly string[]) {
  return spawnSync(
    process.execPath,
    [...TYPESCRIPT, 'ops/main.ts', ...args, '--data', stack.folder],
    { cwd: ROOT, encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS },
  );
}

/** The page's placeholders, as a reader would fill them in. */
function filledIn(arg: string): string {
  return arg
    .replace('ord_…/OrderCreated/1', eventId(OrderCreated, orderId))
    .replace('ord_…', orderId)
    .replace('key_…', keyId)
    .replace('1f0c…', '1f0c0000')
    .replace('points', 'loyalty');
}

test(
  'every command that a page has in a block is done, or says in a line why there is nothing to do',
  () => {
    const commands = documentedCommands().filter(
      ({ page, script, args, isInBlock }) =>
        isInBlock &&
        PAGES.some((name) => page === `docs/${name}.md`) &&
        ['ops', 'saga', 'reconcile'].includes(script) &&
        args.length > 0 &&
        !args.some((arg) => TRIED_ELSEWHERE.test(arg)),
    );
    expect(commands.length).toBeGreaterThan(20);
    const failed: string[] = [];
    for (const { page, script, args } of commands) {
      const words = [...(script === 'ops' ? [] : [script]), ...args.map(filledIn)];
      const { status, stdout, stderr } = runOps([...words, ...confirmation(words)]);
      const isUnderstood = status === 0 || (status === 1 && isOneReason(stdout + stderr));
      if (!isUnderstood) failed.push(`${page}: ${words.join(' ')}: ${status} ${stdout}${stderr}`);
    }
    expect(failed).toEqual([]);
  },
  TEST_MS,
);

/** Nobody can be asked here. */
function confirmation(words: readonly string[]): string[] {
  const asks = /^(retry|done|give-up|pause|skip|redrive|revoke|adjust|start|create|cancel|ship)$/;
  return words.some((word) => asks.test(word)) && !words.includes('--yes') ? ['--yes'] : [];
}

/** Something that a person understands, and no stack. */
function isOneReason(said: string): boolean {
  return said.trim() !== '' && !/\n\s+at /.test(said) && !/^\w*Error\b/m.test(said);
}
