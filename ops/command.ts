/** An option of a command: `value` names what it takes, without it the option is a switch. */
export interface Option {
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
export type Area<Tools> = Readonly<Record<string, Command<Tools>>> | Command<Tools>;

/** Commands by area and name. */
export type Areas<Tools> = Readonly<Record<string, Area<Tools>>>;

/** It was called wrongly; exit code 2. */
export class BadCall extends Error {
  override readonly name = 'BadCall';
}

/** The options that every command has in a terminal. */
export const COMMON: Readonly<Record<string, Option>> = {
  json: { about: 'answer in JSON' },
  yes: { about: 'do not ask before something is changed' },
  by: { value: 'NAME', about: 'who you are, for the record (your login)' },
  data: { value: 'FOLDER', about: 'the data folder of the npm start that is meant (.tandem)' },
  help: { about: 'explain this command' },
};

/** A command and how it was called. */
export interface Called<Tools> {
  /** Area and name, such as `consumers pause`. */
  readonly name: string;
  readonly command: Command<Tools>;
  readonly call: Call;
  readonly folder: string;
}

/** Whether an area has one command alone. */
export function isCommand<Tools>(area: Area<Tools>): area is Command<Tools> {
  return typeof area['run'] === 'function';
}

/** Throws {@link BadCall} with `usage` when there are too few words, or too many. */
export function checkWords<Tools>(
  name: string,
  { words }: Command<Tools>,
  given: readonly string[],
  usage: string,
): void {
  const needed = words.filter((word) => !word.startsWith('[')).length;
  if (given.length >= needed && given.length <= words.length) return;
  throw new BadCall(`${name} takes ${words.join(' ') || 'nothing'}\n\n${usage}`);
}
