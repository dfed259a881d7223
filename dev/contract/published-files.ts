import { existsSync, readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** A file's text as the formatter leaves it. */
export async function pretty(file: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** Those of these files that are missing, or are not as they would be published now. */
export function staleFiles(files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter(
    (file) => !existsSync(file) || readFileSync(file, 'utf8') !== files.get(file),
  );
}
