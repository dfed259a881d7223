import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseCall } from '../../ops/command-line';
import { EVERYTHING } from '../../ops/other-areas';
import { ROOT } from '../../dev/copied-tree';
import { documentedCommands } from './commands';

const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const commands = documentedCommands();

/** Those of the operator's command line, which `saga` and `reconcile` are short for. */
const isOps = (script: string) => ['ops', 'saga', 'reconcile'].includes(script);

test('every command of the pages is a script', () => {
  expect(commands.length).toBeGreaterThan(100);
  const builtIn = ['start', 'test'];
  const unknown = commands.filter(
    ({ script }) => !(script in scripts) && !builtIn.includes(script),
  );
  expect(unknown).toEqual([]);
});

test("every call of the operator's commands in the pages is one that they understand", () => {
  const refused = commands
    .filter(({ script, args }) => isOps(script) && args.length > 0)
    .flatMap(({ page, script, args }) => {
      // The file of an event is the reader's own.
      const given = args.map((arg) => (arg === 'FILE' ? '/dev/null' : arg));
      const words = script === 'ops' ? given : [script, ...given];
      try {
        parseCall(EVERYTHING, words);
        return [];
      } catch (error) {
        return [`${page}: ${words.join(' ')}: ${(error as Error).message.split('\n')[0]}`];
      }
    });
  expect(refused).toEqual([]);
});

test('every flag of the other commands is one that their help explains', async () => {
  const flagged = commands.filter(
    ({ script, args }) => !isOps(script) && args.some((arg) => arg.startsWith('--')),
  );
  const names = [...new Set(flagged.map(({ script }) => script))];
  const help = new Map(
    await Promise.all(names.map(async (name) => [name, await helpOf(name)] as const)),
  );
  const unknown = flagged.flatMap(({ page, script, args }) =>
    args
      .filter((arg) => arg.startsWith('--') && !help.get(script)!.includes(arg.split('=')[0]!))
      .map((arg) => `${page}: npm run ${script} -- ${arg}`),
  );
  expect(flagged.length).toBeGreaterThan(5);
  expect(unknown).toEqual([]);
}, 120_000);

test('a page with a command that there is not would be found', () => {
  expect(() => parseCall(EVERYTHING, ['consumers', 'lits'])).toThrow('consumers lits');
});

async function helpOf(script: string): Promise<string> {
  const [node, ...args] = scripts[script]!.split(' ');
  const { stdout } = await promisify(execFile)(node!, [...args, '--help'], { cwd: ROOT });
  return stdout;
}
