import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ALL_EVENTS } from '../../events/all-events';
import { asyncApiOf } from '../contract/asyncapi';
import { eventsPage } from '../contract/events-page';
import { operation, type Operation } from '../contract/operation';
import { problemPage } from '../contract/problem-page';
import { answerText } from '../http/answer-text';
import { PROBLEM_KINDS, type ProblemKind } from '../http/problem-kinds';

const SWAGGER_UI = path.dirname(require.resolve('swagger-ui-dist/package.json'));

/** What the page of the documentation consists of; all of it is served from here. */
const FILES: Readonly<Record<string, { type: string; text: () => string | Buffer }>> = {
  'swagger-ui.css': { type: 'text/css', text: () => readSwaggerUi('swagger-ui.css') },
  'swagger-ui-bundle.js': {
    type: 'text/javascript',
    text: () => readSwaggerUi('swagger-ui-bundle.js'),
  },
  'favicon.png': { type: 'image/png', text: () => readSwaggerUi('favicon-32x32.png') },
  'init.js': { type: 'text/javascript', text: () => INIT },
};

const read = new Map<string, Buffer>();

/** Read once: many who read slowly share one text. */
function readSwaggerUi(file: string): Buffer {
  let text = read.get(file);
  if (!text) read.set(file, (text = readFileSync(path.join(SWAGGER_UI, file))));
  return text;
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tandem: the API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</html>
`;

// No validator: it is somebody else's server.
const INIT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
`;

const common = { method: 'get', tag: 'service', scopes: 'public' } as const;
const html = (about: string) => ({ about, mediaType: 'text/html' });

/** What explains the API: its OpenAPI document, a page to try it out, and a page for each problem. */
export function pageOperations(openApi: () => object): Operation[] {
  let documentText: string | undefined;
  let eventsText: string | undefined;
  let asyncText: string | undefined;
  return [
    operation({
      ...common,
      id: 'getStart',
      path: '/',
      summary: 'Where to begin',
      answers: { 302: { about: 'To the documentation.', headers: { Location: '`/docs`' } } },
      handle: () => ({ status: 302, headers: { Location: '/docs' } }),
    }),
    operation({
      ...common,
      id: 'getOpenApi',
      path: '/openapi.json',
      summary: 'This document',
      answers: { 200: { about: 'OpenAPI 3.1.', body: z.looseObject({ openapi: z.string() }) } },
      handle({ ctx }) {
        documentText ??= JSON.stringify(openApi());
        answerText(ctx, 'application/json', documentText);
      },
    }),
    operation({
      ...common,
      id: 'getDocumentation',
      path: '/docs',
      summary: 'A page to read this document and to try the API',
      answers: { 200: html('The page.') },
      handle: ({ ctx }) => answerText(ctx, 'text/html', PAGE),
    }),
    operation({
      ...common,
      id: 'getEventsDocumentation',
      path: '/docs/events',
      summary: 'A page about the events',
      answers: { 200: html('The page.') },
      handle: ({ ctx }) => answerText(ctx, 'text/html', (eventsText ??= eventsPage(ALL_EVENTS))),
    }),
    operation({
      ...common,
      id: 'getAsyncApi',
      path: '/asyncapi.json',
      summary: 'The events, for programs',
      answers: { 200: { about: 'AsyncAPI 3.', body: z.looseObject({ asyncapi: z.string() }) } },
      handle: ({ ctx }) =>
        answerText(ctx, 'application/json', (asyncText ??= JSON.stringify(asyncApiOf(ALL_EVENTS)))),
    }),
    operation({
      ...common,
      id: 'getDocumentationFile',
      path: '/docs/{file}',
      summary: 'A file of that page',
      params: z.object({ file: z.enum(Object.keys(FILES)) }),
      answers: { 200: { about: 'The file.', mediaType: '*/*' } },
      handle({ ctx, params: { file } }) {
        const { type, text } = FILES[file]!;
        answerText(ctx, type, text());
      },
    }),
    operation({
      ...common,
      id: 'getProblem',
      path: '/problems/{kind}',
      summary: 'What a problem means, and what to do',
      params: z.object({ kind: z.enum(Object.keys(PROBLEM_KINDS) as [ProblemKind]) }),
      answers: { 200: html('The page of its `type`.') },
      handle: ({ ctx, params: { kind } }) => answerText(ctx, 'text/html', problemPage(kind)),
    }),
  ];
}
