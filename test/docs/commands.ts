import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../dev/copied-tree';
import { docsPages } from '../../dev/docs/pages';

/** A command as a page has it. */
export interface DocumentedCommand {
  readonly page: string;
  /** The script's name: `ops`, `start`, … */
  readonly script: string;
  readonly args: readonly string[];
  readonly isInBlock: boolean;
}

const PAGES = ['README.md', 'CONTRIBUTING.md', ...docsPages()];

/** Every `npm run …`, `npm start` and `npm test` of the pages: in blocks, and in the running text. */
export function documentedCommands(): DocumentedCommand[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(path.join(ROOT, page), 'utf8');
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
      block!.split('\n').map((line) => ({ line, isInBlock: true })),
    );
    const outside = text.replaceAll(/```[\s\S]*?```/g, '');
    const inline = [...outside.matchAll(/`(npm [^`]+)`/g)].map(([, line]) => {
      return { line: line!.replaceAll('\n', ' '), isInBlock: false };
    });
    return [...blocks, ...inline].flatMap(({ line, isInBlock }) => {
      const command = commandIn(line);
      return command ? [{ page, isInBlock, ...command }] : [];
    });
  });
}

function commandIn(line: string): { script: string; args: string[] } | undefined {
  const match = /^\s*npm (?:run )?([a-z][\w:-]*)(?: -- (.*))?/.exec(line);
  if (!match || match[1] === 'ci') return undefined;
  const [, script = '', rest = ''] = match;
  // A comment, or what the shell does with the output.
  const words = wordsOf(rest.replace(/\s+(#|\||>|&&).*$/, ''));
  // `npm run ops -- …`: any of them.
  if (words.includes('…')) return { script, args: [] };
  return { script, args: words };
}

/** As a shell divides a line; quotes only around whole words. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain!,
  );
}
