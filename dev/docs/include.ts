import { readFileSync } from 'node:fs';
import path from 'node:path';

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ '.ts': 'ts', '.sql': 'sql', '.yaml': 'yaml', '.yml': 'yaml', '.json': 'json' },
};

/**
 * An order to include code, and the block that it became:
 * `<!-- include FILE -->`, `<!-- include FILE from "TEXT" to "TEXT" -->` (whole lines, both included),
 * `<!-- include PATCH adds FILE -->` (a file that the patch brings), or
 * `<!-- include PATCH changes FILE -->` (what it changes in one, as a diff).
 */
const INCLUDE =
  /<!-- include (\S+)(?: (adds|changes) (\S+))?(?: from "([^"]+)" to "([^"]+)")? -->\n(?:\n*```\w+\n[\s\S]*?\n```\n)?/g;

/** The page with its code as the source has it now. Throws when a source is not there. */
export function withIncludes(root: string, markdown: string): string {
  return markdown.replace(INCLUDE, (whole, file: string, ...rest) => {
    const [how, part, from, to] = rest as (string | undefined)[];
    const order = whole.slice(0, whole.indexOf('-->') + 3);
    const { language, code } = codeOf(root, { file, how, part, from, to });
    return `${order}\n\n\`\`\`${language}\n${code.trimEnd()}\n\`\`\`\n`;
  });
}

interface Wanted {
  readonly file: string;
  readonly how: string | undefined;
  readonly part: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function codeOf(root: string, { file, how, part, from, to }: Wanted) {
  const text = readFileSync(path.join(root, file), 'utf8');
  if (part !== undefined) {
    const lines = linesIn(text, part, file);
    if (how === 'changes')
      return { language: 'diff', code: lines.map((line) => line.trimEnd()).join('\n') };
    const comment = part.endsWith('.sql') ? '--' : '//';
    const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
    return { language: languageOf(part), code: [`${comment} ${part}`, ...added].join('\n') };
  }
  const code = from === undefined || to === undefined ? text : between(text, from, to, file);
  return { language: languageOf(file), code };
}

/** The lines of one file in a patch, without its head. */
function linesIn(patch: string, part: string, file: string): string[] {
  const found = patch.split(/^diff --git /m).find((one) => one.startsWith(`a/${part} `));
  if (found === undefined) throw new Error(`${file} has nothing of ${part}`);
  const lines = found.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('@@'));
  return lines.slice(begin).filter((line) => !line.startsWith('@@'));
}

function between(text: string, from: string, to: string, file: string): string {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.includes(from));
  const end = lines.findIndex((line, i) => i >= begin && line.includes(to));
  if (begin < 0 || end < 0) throw new Error(`${file} has no lines from "${from}" to "${to}"`);
  return lines.slice(begin, end + 1).join('\n');
}

function languageOf(file: string): string {
  return LANGUAGES[path.extname(file)] ?? 'text';
}
