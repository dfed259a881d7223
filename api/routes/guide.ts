import type { Context } from 'koa';
import { z } from 'zod';
import { operation, type Operation } from '../contract/operation';
import { CONTENTS, Guide } from '../guide/guide';
import { GUIDE_PATH } from '../guide/render-guide';
import { answerText } from '../http/answer-text';
import { Problem } from '../http/problem';

const MAX_NAME_LENGTH = 100;
const name = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(/^[\w.-]+$/);

const common = { method: 'get', tag: 'service', scopes: 'public' } as const;
const answers = { 200: { about: 'The page, or a picture of one.', mediaType: 'text/html' } };

/** The documents of docs/, to be read where the API is. */
export function guideOperations(): Operation[] {
  const guide = new Guide();
  const answer = (ctx: Context, page: string) => {
    const found = guide.find(page);
    if (!found) throw new Problem('not-found', { detail: 'there is no such page of the guide' });
    answerText(ctx, found.type, found.text);
  };
  return [
    operation({
      ...{ ...common, id: 'getGuide', path: GUIDE_PATH, answers },
      summary: 'The guide: its pages, by what you want to do',
      // The documents may be left out of a build.
      problems: ['not-found'],
      handle: ({ ctx }) => answer(ctx, CONTENTS),
    }),
    operation({
      ...{ ...common, id: 'getGuidePage', path: `${GUIDE_PATH}/{page}`, answers },
      summary: 'A page of the guide',
      params: z.object({ page: name }),
      problems: ['not-found'],
      handle: ({ ctx, params: { page } }) => answer(ctx, page),
    }),
    operation({
      ...{ ...common, id: 'getGuideSubpage', path: `${GUIDE_PATH}/{folder}/{page}`, answers },
      summary: 'A runbook, a decision, or a picture',
      params: z.object({ folder: name, page: name }),
      problems: ['not-found'],
      handle: ({ ctx, params: { folder, page } }) => answer(ctx, `${folder}/${page}`),
    }),
  ];
}
