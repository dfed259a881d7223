import type { z } from 'zod';
import { Problem, type ProblemError } from './problem';
import type { ProblemKind } from './problem-kinds';

/** No more errors than this are told at once. */
const MAX_ERRORS = 50;

/** The parsed value, or a problem of `kind` that points at everything that is wrong. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  kind: ProblemKind,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(errorsOf).slice(0, MAX_ERRORS);
  throw new Problem(kind, { errors });
}

function errorsOf(issue: z.core.$ZodIssue): ProblemError[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ pointer: pointer(issue.path), code: issue.code, detail: detailOf(issue) }];
  }
  return issue.keys.map((key) => ({
    pointer: pointer([...issue.path, key]),
    code: issue.code,
    detail: 'unknown member',
  }));
}

/** What is missing is said to be needed, which is all that there is to know. */
function detailOf({ code, message }: z.core.$ZodIssue): string {
  return code === 'invalid_type' && message.endsWith('received undefined') ? 'is needed' : message;
}

/** The path as a JSON Pointer in a URI fragment (RFC 6901, section 6). */
export function pointer(path: readonly PropertyKey[]): string {
  const tokens = path.map((token) =>
    encodeURIComponent(String(token).replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  return `#${tokens.map((token) => `/${token}`).join('')}`;
}
