import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'koa';
import { z } from 'zod';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';

/** Where `npm run build:web` puts the page; beside us also in what `npm run build` makes. */
const BUILT = path.join(__dirname, '..', '..', 'web', 'dist');

/** The name of an asset has its content's hash in it. */
const FOREVER = 'public, max-age=31536000, immutable';

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
};

const common = { method: 'get', tag: 'service', scopes: 'public' } as const;

/** The control room's page. It holds nothing: whoever opens it signs in with a key. */
export function roomOperations(): Operation[] {
  return [
    operation({
      ...{ ...common, id: 'getRoomPage', path: '/room' },
      summary: 'The control room',
      answers: { 200: { about: 'The page.', mediaType: 'text/html' } },
      // It is not built where only the API is.
      problems: ['not-found'],
      handle: ({ ctx }) => answerFile(ctx, 'index.html', 'text/html', 'no-cache'),
    }),
    operation({
      ...{ ...common, id: 'getRoomFile', path: '/room/assets/{file}' },
      summary: 'A file of that page',
      params: z.object({ file: z.string().regex(/^[\w-]+\.(js|css|svg)$/) }),
      answers: { 200: { about: 'The file.', mediaType: '*/*' } },
      handle: ({ ctx, params: { file } }) =>
        answerFile(ctx, path.join('assets', file), TYPES[path.extname(file)]!, FOREVER),
    }),
  ];
}

function answerFile(ctx: Context, file: string, type: string, cache: string): void {
  const found = fileOf(path.join(BUILT, file));
  if (!found)
    throw new Problem('not-found', { detail: 'the page is not built: npm run build:web' });
  ctx.status = 200;
  ctx.body = found;
  ctx.type = type;
  ctx.set('Cache-Control', cache);
}

const read = new Map<string, { readonly changedAt: number; readonly bytes: Buffer }>();

/** Read again only when it was built again: many who read slowly share it. */
function fileOf(file: string): Buffer | undefined {
  const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (changedAt === undefined) return undefined;
  const known = read.get(file);
  if (known?.changedAt === changedAt) return known.bytes;
  const bytes = readFileSync(file);
  read.set(file, { changedAt, bytes });
  return bytes;
}
