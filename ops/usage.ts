import { COMMON, isCommand, type Area, type Areas, type Command } from './command';

/** All areas and their commands. */
export function usageOfAll<Tools>(areas: Areas<Tools>): string {
  const parts = Object.entries(areas).map(([area, commands]) => usageOfArea(area, commands));
  return [...parts, 'Each command explains itself with --help.'].join('\n\n');
}

/** The commands of an area. */
export function usageOfArea<Tools>(area: string, commands: Area<Tools>): string {
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

/** One command with its options. */
export function usageOf<Tools>(name: string, command: Command<Tools>): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(
    ([option, { value, about }]) => `  ${`--${option} ${value ?? ''}`.padEnd(22)} ${about}`,
  );
  const call = [name, ...command.words].join(' ');
  return [`npm run ops -- ${call} [options]`, '', command.about, '', ...options].join('\n');
}
