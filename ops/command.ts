import { createInterface } from 'node:readline/promises';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';

/** An option of a command: `value` names what it takes, without it the option is a switch. */
interface Option {
  readonly value?: string;
  readonly isMultiple?: boolean;
  readonly about: string;
}

/** What was typed after the command's name. */
export interface Call {
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** Who it is: `--by`, or the login. */
  readonly by: string;
}

/** What a command answers: lines for a person, the same as data for a program. */
export interface Answer {
  readonly lines: readonly string[];
  readonly data: unknown;
  /** What was wanted did not come about: the command's exit code is 1. */
  readonly isFailure?: boolean;
}

/** One command of an area, such as `dead-letters redrive`. */
export interface Command<Tools> {
  /** What it takes after its name; one in brackets may be left out. */
  readonly words: readonly string[];
  readonly about: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** What a person is asked before something is changed; undefined when nothing will be. */
  readonly question?: (
    tools: Tools,
    call: Call,
  ) => Promise<string | undefined> | string | undefined;
  readonly run: (tools: Tools, call: Call) => Promise<Answer>;
}

/** Commands by area and name. */
export type Areas<Tools> = Readonly<Record<string, Readonly<Record<string, Command<Tools>>>>>;

/** It was called wrongly; exit code 2. */
export class BadCall extends Error {
  override readonly name = 'BadCall';
}

const COMMON: Readonly<Record<string, Option>> = {
  json: { about: 'answer in JSON' },
  yes: { about: 'do not ask before something is changed' },
  by: { value: 'NAME', about: 'who you are, for the record (your login)' },
  data: { value: 'FOLDER', about: 'the data folder of the npm start that is meant (.tandem)' },
  help: { about: 'explain this command' },
};

/** A command and how it was called, or only a text that explains. */
export type Parsed<Tools> =
  | { readonly help: string }
  | { readonly command: Command<Tools>; readonly call: Call; readonly folder: string };

/** Finds the command. Throws {@link BadCall}. */
export function parseCall<Tools>(areas: Areas<Tools>, args: readonly string[]): Parsed<Tools> {
  const [area = '', name = ''] = args;
  if (area === '' || area === '--help') return { help: usageOfAll(areas) };
  const commands = areas[area];
  if (!commands) throw new BadCall(`there is no "${area}"\n\n${usageOfAll(areas)}`);
  if (name === '' || name === '--help') return { help: usageOfArea(area, commands) };
  const command = commands[name];
  if (!command)
    throw new BadCall(`there is no "${area} ${name}"\n\n${usageOfArea(area, commands)}`);
  const usage = usageOf(area, name, command);
  const { values, positionals } = parseOptions(command, args.slice(2), usage);
  if (values['help']) return { help: usage };
  const needed = command.words.filter((word) => !word.startsWith('[')).length;
  if (positionals.length < needed || positionals.length > command.words.length) {
    throw new BadCall(`${area} ${name} takes ${command.words.join(' ') || 'nothing'}\n\n${usage}`);
  }
  const by = typeof values['by'] === 'string' ? values['by'] : userInfo().username;
  const folder = typeof values['data'] === 'string' ? values['data'] : '.tandem';
  return { command, folder, call: { words: positionals, values, by } };
}

function parseOptions<Tools>(command: Command<Tools>, args: readonly string[], usage: string) {
  const all = Object.entries({ ...command.options, ...COMMON });
  const options = all.map(([name, { value, isMultiple = false }]) => [
    name,
    {
      type: value === undefined ? ('boolean' as const) : ('string' as const),
      multiple: isMultiple,
    },
  ]);
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(options) as Record<
        string,
        { type: 'boolean' | 'string'; multiple: boolean }
      >,
    });
  } catch (error) {
    // What Node advises afterwards is of no use here.
    const [what] = (error as Error).message.split('. ');
    throw new BadCall(`${what}\n\n${usage}`);
  }
}

/** Runs a command; asks before it changes something. Undefined when the person says no. */
export async function runCall<Tools>(
  tools: Tools,
  command: Command<Tools>,
  call: Call,
): Promise<Answer | undefined> {
  const question = await command.question?.(tools, call);
  if (question !== undefined && call.values['yes'] !== true && !(await isAgreed(question))) {
    return undefined;
  }
  return command.run(tools, call);
}

async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new BadCall(`${question} Say --yes to do it.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await terminal.question(`${question} [y/N] `));
  } finally {
    terminal.close();
  }
}

function usageOfAll<Tools>(areas: Areas<Tools>): string {
  const parts = Object.entries(areas).map(([area, commands]) => usageOfArea(area, commands));
  return [...parts, 'Each command explains itself with --help.'].join('\n\n');
}

function usageOfArea<Tools>(area: string, commands: Areas<Tools>[string]): string {
  const lines = Object.entries(commands).map(
    ([name, { words, about }]) => `  ${[name, ...words].join(' ').padEnd(28)} ${about}`,
  );
  return [`npm run ops -- ${area} COMMAND`, ...lines].join('\n');
}

function usageOf<Tools>(area: string, name: string, command: Command<Tools>): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(
    ([option, { value, about }]) => `  ${`--${option} ${value ?? ''}`.padEnd(22)} ${about}`,
  );
  const call = [area, name, ...command.words].join(' ');
  return [`npm run ops -- ${call} [options]`, '', command.about, '', ...options].join('\n');
}
