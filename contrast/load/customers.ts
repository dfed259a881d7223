import { setTimeout as sleep } from 'node:timers/promises';
import { postOrder, type OrdersApi } from '../../dev/post-order';
import type { PlannedOrder } from './orders';

/** Nobody looks at a turning wheel for longer. */
const PATIENCE_MS = 10_000;

/** A patient customer tries so often, with the same key, and waits so long in between. */
const MAX_TRIES = 4;
const RETRY_MS = 1_000;

/** What a customer got. */
export interface Answer {
  readonly planned: PlannedOrder;
  /** When the order was due, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** From when it was due to the answer that counts: the last. */
  readonly answerMs: number;
  readonly tries: number;
  /** Undefined: the customer saw nothing but errors, and has gone. */
  readonly orderId: string | undefined;
}

/**
 * Customers who come one after another as planned, whether or not the ones before were answered,
 * each timed from when the order was due: waiting in our own queue counts (no coordinated omission).
 */
export async function placeAll(
  api: OrdersApi,
  planned: readonly PlannedOrder[],
): Promise<Answer[]> {
  const begin = Date.now();
  return Promise.all(
    planned.map(async (one) => {
      const dueAt = begin + one.dueMs;
      await sleep(Math.max(dueAt - Date.now(), 0));
      return placeOne(api, one, dueAt);
    }),
  );
}

async function placeOne(api: OrdersApi, planned: PlannedOrder, dueAt: number): Promise<Answer> {
  const maxTries = planned.isPatient ? MAX_TRIES : 1;
  for (let tries = 1; ; tries += 1) {
    const orderId = await tryOnce(api, planned);
    if (orderId !== undefined || tries === maxTries) {
      return { planned, dueAt, answerMs: Date.now() - dueAt, tries, orderId };
    }
    await sleep(RETRY_MS);
  }
}

async function tryOnce(api: OrdersApi, planned: PlannedOrder): Promise<string | undefined> {
  const { order, key } = planned;
  const answer = postOrder(api, order, { key }).then(async (response) => {
    const { id } = (await response.json()) as { id?: string };
    return response.ok ? id : undefined;
  });
  const gaveUp = sleep(PATIENCE_MS, undefined, { ref: false });
  return Promise.race([answer, gaveUp]).catch(() => undefined);
}
