import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { PROBLEM_TYPES } from '../../api/contract/openapi';
import { apiDocument } from './api-document';

/** The published document, as the API would serve it. */
export const API = apiDocument() as unknown as ApiDocument;

/** As much of an OpenAPI document as the tests look into. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** One operation of the document. */
export interface ApiOperation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<'bearer', readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, ApiResponse>>;
}

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

interface ApiResponse {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly [PROBLEM_TYPES]?: readonly string[];
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', ...API });

/** The operation that a request names, if any. */
function operationOf(method: string, path: string): ApiOperation | undefined {
  const [pathname = ''] = path.split('?');
  const template = Object.keys(API.paths).find((one) => patternOf(one).test(pathname));
  const named = method === 'HEAD' ? 'get' : method.toLowerCase();
  return template === undefined ? undefined : API.paths[template]![named];
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** What of an answer is looked at. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/**
 * What is wrong with an answer by the document: its status, its media type, its body; nothing is
 * wrong with an empty list.
 */
export function flawsOf(method: string, path: string, answered: Answered): string[] {
  const { status, type, text } = answered;
  // Answered for every path by what it supports.
  if (method === 'OPTIONS' && status < 300) return text === '' ? [] : ['a body'];
  if (method === 'HEAD' && text !== '') return ['a body'];
  const operation = operationOf(method, path);
  // No path or method of ours: there is only one way to say so.
  if (!operation) {
    const isRefused = status === 404 || status === 405;
    return isRefused ? problemFlaws(method, answered) : [`${status}`];
  }
  const response = operation.responses[status];
  if (!response) return [`${operation.operationId} has no documented ${status}`];
  if (method === 'HEAD') return [];
  if (!response.content) return text === '' ? [] : ['a body'];
  const [mediaType = ''] = type.split(';');
  const content = response.content[mediaType] ?? response.content['*/*'];
  if (!content) return [`the type ${type}`];
  if (!/json/.test(mediaType)) return [];
  return [...schemaFlaws(content.schema, text), ...typeFlaws(response, text)];
}

function problemFlaws(method: string, { type, text }: Answered): string[] {
  if (type !== 'application/problem+json') return [`the type ${type}`];
  if (method === 'HEAD') return [];
  return schemaFlaws({ $ref: 'api#/components/schemas/Problem' }, text);
}

const validators = new Map<string, ReturnType<typeof ajv.compile>>();

function schemaFlaws(schema: Schema, text: string): string[] {
  const key = JSON.stringify(schema).replaceAll('"#/', '"api#/');
  let validate = validators.get(key);
  if (!validate) validators.set(key, (validate = ajv.compile(JSON.parse(key) as Schema)));
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A problem of a kind that the document does not name for this status. */
function typeFlaws(response: ApiResponse, text: string): string[] {
  const types = response[PROBLEM_TYPES];
  if (!types) return [];
  const { type } = JSON.parse(text) as { type: string };
  return types.includes(type.replace('/problems/', '')) ? [] : [`an undocumented ${type}`];
}
