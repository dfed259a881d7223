import { BadCall, checkWords, isCommand, type Areas, type Called } from './command';
import { usageOf } from './usage';

/** How a program calls a command: no text in it is taken for an option. */
interface ProgramCall {
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
