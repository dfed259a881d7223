import {
  OpenApiGeneratorV31,
  OpenAPIRegistry,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { SCOPES } from '../callers/scopes';
import { PROBLEM_KINDS, type ProblemKind } from '../http/problem-kinds';
import { PROBLEM_JSON, problemSchema } from '../http/problem';
import { problemsOf, type AnswerDeclaration, type Operation } from './operation';

/** Which types a status of 400 and above may have, in the document's own words. */
export const PROBLEM_TYPES = 'x-problem-types';

const INFO = {
  title: 'Tandem',
  version: '1.0.0',
  description: [
    'Places orders. Money is in integer minor units with an ISO 4217 code. Every answer of 400 and above is',
    '`application/problem+json` (RFC 9457); the page of its `type` explains it. Each answer has a `Request-Id`.',
    '',
    'Send `Authorization: Bearer …` with an API key or a token (JWT). What you read and change is your own',
    "tenant's, or your own if the key or token is bound to one customer; anything else is answered 404.",
  ].join('\n'),
};

const TAGS: Readonly<Record<string, string>> = {
  orders: 'Place, follow and cancel orders.',
  products: 'The catalogue, its stock, and what is bought together.',
  customers: 'What is kept about a customer.',
  'webhook endpoints': 'Your servers, which are told what happened.',
  'api keys': 'Who may call this API.',
  provider: 'For the payment provider.',
  operations: 'What the people who run it see and do, in all tenants.',
  service: 'The service itself.',
};

/** The OpenAPI 3.1 document of these operations. */
export function openApiOf(operations: readonly Operation[]) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: `An API key or a JWT. Scopes: ${SCOPES.join(', ')}; any one that is named is enough.`,
  });
  for (const declared of operations) registry.registerPath(routeOf(declared));
  const contents = operations.flatMap(({ answers }) =>
    Object.values(answers).flatMap(({ content }) => content?.schema ?? []),
  );
  const schemas = contents.map((schema) => ({ type: 'schema' as const, schema }));
  return new OpenApiGeneratorV31([...registry.definitions, ...schemas]).generateDocument({
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  });
}

function routeOf(declared: Operation): RouteConfig {
  const { id, method, path, tag, summary, description, scopes, body, rawBody } = declared;
  const content = body ?? rawBody;
  return {
    ...{ operationId: id, method, path, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    security: scopes === 'public' ? [] : scopes.map((scope) => ({ bearer: [scope] })),
    request: {
      ...(declared.params ? { params: declared.params } : {}),
      ...(declared.query ? { query: declared.query } : {}),
      ...(declared.headers ? { headers: declared.headers } : {}),
      ...(content
        ? { body: { required: true, content: { 'application/json': { schema: content } } } }
        : {}),
    },
    responses: { ...answersOf(declared), ...problemAnswersOf(problemsOf(declared)) },
  };
}

const REQUEST_ID = { 'Request-Id': 'The id of the request: yours, if it was a sane one.' };

function answersOf({ method, answers }: Operation): Record<number, ResponseConfig> {
  const documented = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]);
  const isTagged = method === 'get' && answers[200]?.body !== undefined;
  const notModified = { description: 'You have this already (`If-None-Match`).' };
  return Object.fromEntries([...documented, ...(isTagged ? [['304', notModified]] : [])]) as Record<
    number,
    ResponseConfig
  >;
}

function answerOf(answer: AnswerDeclaration): ResponseConfig {
  const { about, body, mediaType, headers } = answer;
  const schema = body ?? (mediaType === undefined ? undefined : textSchema(answer));
  return {
    description: about,
    headers: headersOf({ ...REQUEST_ID, ...headers }),
    ...(schema ? { content: { [mediaType ?? 'application/json']: { schema } } } : {}),
  };
}

function textSchema({ mediaType, content }: AnswerDeclaration) {
  if (!content) return { type: 'string' as const };
  const contentSchema = { $ref: `#/components/schemas/${content.id}` };
  return { type: 'string' as const, contentMediaType: mediaType, contentSchema };
}

function headersOf(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' as const } },
    ]),
  );
}

/** One answer a status, which names the types of problem that have it. */
function problemAnswersOf(kinds: readonly ProblemKind[]): Record<number, ResponseConfig> {
  const statuses = [...new Set(kinds.map((kind) => PROBLEM_KINDS[kind].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = kinds.filter((kind) => PROBLEM_KINDS[kind].status === status);
      return [status, problemAnswerOf(ofStatus)];
    }),
  );
}

function problemAnswerOf(kinds: readonly ProblemKind[]): ResponseConfig {
  const types = { [PROBLEM_TYPES]: kinds };
  return {
    ...types,
    description: kinds.map((kind) => `${PROBLEM_KINDS[kind].title} (\`${kind}\`).`).join(' '),
    content: { [PROBLEM_JSON]: { schema: problemSchema } },
  };
}
