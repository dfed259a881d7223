import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../copied-tree';

/** The pages of docs/, as paths from the checkout. */
export function docsPages(): string[] {
  return readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file));
}
