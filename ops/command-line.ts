import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import {
  BadCall,
  checkWords,
  COMMON,
  isCommand,
  type Answer,
  type Areas,
  type Call,
  type Called,
  type Command,
} from './command';
import { usageOf, usageOfAll, usageOfArea } from './usage';

/** A command and how it was called, or only a text that explains. */
export type Parsed<Tools> = { readonly help: string } | Called<Tools>;

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
  run: (tools: Tools, called: Called<Tools>, isAsked: boolean) => Promise<Answer> = (
    given,
    { command, call },
  ) => command.run(given, call),
): Promise<Answer | undefined> {
  const { command, call } = called;
  const question = await command.question?.(tools, call);
  if (question !== undefined && call.values['yes'] !== true && !(await isAgreed(question))) {
    return undefined;
  }
  return run(tools, called, question !== undefined);
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
