import fc from 'fast-check';
import { API } from '../../dev/contract/check-answer';
import type { SoakResult } from '../soak-command';
import { anyRequest, type FuzzRequest } from './requests';
import { KnownValues, sendRequest, type FuzzAnswer, type FuzzTarget } from './send';

/** At once, so that requests meet each other. */
const CONCURRENCY = 8;
/** Made together: what a seed makes is the same however many follow. */
const BATCH = 500;
/** The rest of a flaw that every request has says nothing more. */
const MAX_VIOLATIONS = 50;

/**
 * Sends requests made from the OpenAPI document, which build on each other's answers: none may be
 * answered 5xx, by a status or type that the document does not name, or by a body that it does not
 * allow.
 */
export async function fuzzApi(
  target: FuzzTarget,
  { count, seed }: { count: number; seed: number },
): Promise<SoakResult> {
  const known = new KnownValues(target);
  const tally = new Tally();
  const requests = requestsOf(count, seed);

  async function client(): Promise<void> {
    for (let next = requests.next(); !next.done; next = requests.next()) {
      const request = next.value;
      tally.add(
        request,
        await sendRequest(target, request, known).catch((error: unknown) => ({
          ...{ path: request.template, status: 0, flaws: [String(error)] },
        })),
      );
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  return tally.result();
}

/** What the answers came to. */
class Tally {
  readonly #byStatus = new Map<number, number>();
  readonly #reached = new Set<string>();
  readonly #violations: string[] = [];

  add({ method, template, body }: FuzzRequest, { path, status, flaws }: FuzzAnswer): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    if (status < 400 && OPERATIONS.has(`${method} ${template}`)) {
      this.#reached.add(`${method} ${template}`);
    }
    const room = Math.max(0, MAX_VIOLATIONS - this.#violations.length);
    const told = flaws.map((flaw) => `${method} ${path} ${status}: ${flaw} ${body ?? ''}`);
    this.#violations.push(...told.slice(0, room));
  }

  result(): SoakResult {
    const statuses = [...this.#byStatus].sort(([one], [other]) => one - other);
    const missing = [...OPERATIONS].filter((operation) => !this.#reached.has(operation));
    return {
      figures: {
        requests: statuses.reduce((sum, [, times]) => sum + times, 0),
        'answers by status': Object.fromEntries(statuses),
        'operations that were answered well': `${this.#reached.size} of ${OPERATIONS.size}`,
        'and those that were not': missing,
      },
      violations: this.#violations,
    };
  }
}

const OPERATIONS: ReadonlySet<string> = new Set(
  Object.entries(API.paths).flatMap(([template, methods]) =>
    Object.keys(methods).map((method) => `${method} ${template}`),
  ),
);

function* requestsOf(count: number, seed: number) {
  const arbitrary = anyRequest(API);
  for (let made = 0; made < count; made += BATCH) {
    const numRuns = Math.min(BATCH, count - made);
    yield* fc.sample(arbitrary, { numRuns, seed: seed + made });
  }
}
