import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';

/** An option of a command: `value` names what it takes, without it the option is a switch. */
interface Option {
  readonly value?: string;
  readonly isMultiple?: boolean;
  /** What is typed is the name of a file; the command is given what stands in it. */
  readonly isFile?: boolean;
  /** Of no use where nobody sits and waits. */
  readonly isForTerminal?: boolean;
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
  /** Whether it changes something though nobody is asked: then it is on record, too. */
  readonly isAudited?: boolean;
  readonly run: (tools: Tools, call: Call) => Promise<Answer>;
}

/** The commands of an area by name, or the only one that there is. */
type Area<Tools> = Readonly<Record<string, Command<Tools>>> | Command<Tools>;

/** Commands by area and name. */
export type Areas<Tools> = Readonly<Record<string, Area<Tools>>>;

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
export type Parsed<Tools> = { readonly help: string } | Called<Tools>;

/** A command and how it was called. */
export interface Called<Tools> {
  /** Area and name, such as `consumers pause`. */
  readonly name: string;
  readonly command: Command<Tools>;
  readonly call: Call;
  readonly folder: string;
}

/** Finds the command. Throws {@link BadCall}. */
export function parseCall<Tools>(areas: Areas<Tools>, args: readonly string[]): Parsed<Tools> {
  const [area = '', name = ''] = args;
  if (area === '' || area === '--help') return { help: usageOfAll(areas) };
  const commands = Object.hasOwn(areas, area) ? areas[area] : undefined;
  if (!commands) throw new BadCall(`there is no "${area}"\n\n${usageOfAll(areas)}`);
  if (isCommand(commands)) return parseArguments(area, commands, args.slice(1));
  if (name === '' || name === '--help') return { help: usageOfArea(area, commands) };
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new BadCall(`there is no "${area} ${name}"\n\n${usageOfArea(area, commands)}`);
  return parseArguments(`${area} ${name}`, command, args.slice(2));
}

function isCommand<Tools>(area: Area<Tools>): area is Command<Tools> {
  return typeof area['run'] === 'function';
}

function parseArguments<Tools>(
  name: string,
  command: Command<Tools>,
  args: readonly string[],
): Parsed<Tools> {
  const usage = usageOf(name, command);
  const { values, positionals } = parseOptions(command, args, usage);
  if (values['help']) return { help: usage };
  checkWords(name, command, positionals, usage);
  const by = typeof values['by'] === 'string' ? values['by'] : userInfo().username;
  const folder = typeof values['data'] === 'string' ? values['data'] : '.tandem';
  const read = withFiles(command, values);
  return { name, command, folder, call: { words: positionals, values: read, by } };
}

function checkWords<Tools>(
  name: string,
  { words }: Command<Tools>,
  given: readonly string[],
  usage: string,
): void {
  const needed = words.filter((word) => !word.startsWith('[')).length;
  if (given.length >= needed && given.length <= words.length) return;
  throw new BadCall(`${name} takes ${words.join(' ') || 'nothing'}\n\n${usage}`);
}

/** What stands in the files that were named. */
function withFiles<Tools>({ options = {} }: Command<Tools>, values: Call['values']) {
  const files = Object.keys(options).filter((name) => options[name]!.isFile && values[name]);
  const texts = files.map((name) => {
    try {
      return [name, readFileSync(String(values[name]), 'utf8')];
    } catch (error) {
      throw new BadCall(`--${name}: ${(error as Error).message}`);
    }
  });
  return { ...values, ...(Object.fromEntries(texts) as Record<string, string>) };
}

/** How a program calls a command: no text in it is taken for an option. */
export interface ProgramCall {
  readonly command: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | string[]>>;
  readonly by: string;
}

/** The same for a program, which has no terminal and no files. Throws {@link BadCall}. */
export function calledByProgram<Tools>(
  areas: Areas<Tools>,
  { command: name, words, options, by }: ProgramCall,
): Omit<Called<Tools>, 'folder'> {
  const [area = '', of = '', ...more] = name.split(' ');
  const commands = Object.hasOwn(areas, area) ? areas[area] : undefined;
  const found = commands && (isCommand(commands) ? commands : own(commands, of));
  if (!found || more.length > 0) throw new BadCall(`there is no "${name}"`);
  checkWords(name, found, words, usageOf(name, found));
  for (const [option, value] of Object.entries(options)) {
    const declared = own(found.options ?? {}, option);
    if (!declared || declared.isForTerminal) throw new BadCall(`${name} has no option ${option}`);
    const type =
      declared.value === undefined ? 'boolean' : declared.isMultiple ? 'object' : 'string';
    if (typeof value !== type) throw new BadCall(`${name}: ${option} is no ${type}`);
  }
  return { name, command: found, call: { words, values: options, by } };
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
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
  called: Called<Tools>,
  run: (tools: Tools, called: Called<Tools>) => Promise<Answer> = (given, { command, call }) =>
    command.run(given, call),
): Promise<Answer | undefined> {
  const { command, call } = called;
  const question = await command.question?.(tools, call);
  if (question !== undefined && call.values['yes'] !== true && !(await isAgreed(question))) {
    return undefined;
  }
  return run(tools, called);
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

function usageOfArea<Tools>(area: string, commands: Area<Tools>): string {
  if (isCommand(commands)) {
    return [`npm run ops -- ${[area, ...commands.words].join(' ')}`, `  ${commands.about}`].join(
      '\n',
    );
  }
  const lines = Object.entries(commands).map(
    ([name, { words, about }]) => `  ${[name, ...words].join(' ').padEnd(28)} ${about}`,
  );
  return [`npm run ops -- ${area} COMMAND`, ...lines].join('\n');
}

function usageOf<Tools>(name: string, command: Command<Tools>): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(
    ([option, { value, about }]) => `  ${`--${option} ${value ?? ''}`.padEnd(22)} ${about}`,
  );
  const call = [name, ...command.words].join(' ');
  return [`npm run ops -- ${call} [options]`, '', command.about, '', ...options].join('\n');
}
