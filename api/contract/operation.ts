import type { Context } from 'koa';
import type { z } from 'zod';
import type { Caller } from '../callers/caller';
import type { Scope } from '../callers/scopes';
import type { ProblemKind } from '../http/problem-kinds';

/** What an operation answers when all is well. */
export interface AnswerDeclaration {
  readonly about: string;
  /** The JSON body; none without it. */
  readonly body?: z.ZodType;
  /** Another type than JSON. */
  readonly mediaType?: string;
  /** What is in a body of another type, such as the data of server-sent events; `id` as in its meta. */
  readonly content?: { readonly id: string; readonly schema: z.ZodType };
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the handler of an operation returns; nothing when it has answered by itself. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that has been let in, and whose parts are valid. */
interface OperationRequest<Params, Query, Body> {
  readonly ctx: Context;
  /** Throws for a public operation, which knows nobody. */
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Whether the key or token is still good, for an answer that lasts. */
  readonly isStillGood: () => Promise<boolean>;
}

/**
 * One operation of the API. Everything about it stands here once: the router mounts it, the requests
 * are validated by it, and the OpenAPI document is made from it.
 */
export interface OperationDeclaration<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
> {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As in OpenAPI: `/v1/orders/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Any one of these is enough; `public` needs no key or token. */
  readonly scopes: readonly Scope[] | 'public';
  /** What does not fit is answered 404. */
  readonly params?: Params;
  readonly query?: Query;
  /** Headers that the handler reads, for the document. */
  readonly headers?: z.ZodObject;
  readonly body?: Body;
  /** A body whose bytes the handler reads itself, for the document. */
  readonly rawBody?: z.ZodType;
  /** What a body is called that does not fit. */
  readonly invalidBody?: ProblemKind;
  readonly answers: Readonly<Record<number, AnswerDeclaration>>;
  /** Problems beyond those that follow from the rest. */
  readonly problems?: readonly ProblemKind[];
  readonly handle: (
    request: OperationRequest<z.infer<Params>, z.infer<Query>, z.infer<Body>>,
  ) => Promise<Answer | void> | Answer | void;
}

/** Any operation. */
export type Operation = OperationDeclaration<z.ZodObject, z.ZodObject, z.ZodType>;

/** Declares an operation. */
export function operation<
  Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(declaration: OperationDeclaration<Params, Query, Body>): Operation {
  return declaration;
}

/** Every problem that it may be answered with; those of a broken connection have no document. */
export function problemsOf(declared: Operation): ProblemKind[] {
  const kinds = new Set<ProblemKind>(declared.problems);
  const add = (isNeeded: boolean, ...more: ProblemKind[]) => {
    if (isNeeded) for (const kind of more) kinds.add(kind);
  };
  add(true, 'too-many-requests', 'internal-error', 'unavailable', 'uri-too-long');
  add(declared.scopes !== 'public', 'unauthorized', 'forbidden');
  add(declared.params !== undefined, 'not-found');
  add(declared.query !== undefined, 'invalid-query');
  add(declared.body !== undefined, 'bad-request', 'body-too-large', 'unsupported-media-type');
  add(declared.body !== undefined, declared.invalidBody ?? 'bad-request');
  return [...kinds];
}
