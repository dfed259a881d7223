import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../db/database';
import { findCatalogueEntries } from '../../db/catalogue';
import { findOrder } from '../../db/orders';
import {
  findPlacement,
  placeOrder as savePlacement,
  type NewOrder,
  type EarlierPlacement,
} from '../../db/placement';
import { priceOrder, type Pricing, type PricingProblem } from '../../domain/pricing';
import type { Caller } from '../callers/caller';
import { idempotentRequest } from '../callers/idempotent-request';
import { Problem, type ProblemError } from '../http/problem';
import { pointer } from '../http/validation';
import type { Admission } from '../limits/admission';
import type { OrderRequest } from './order-request';
import { acceptedResource, type OrderResource } from './order-resource';

/** Who asks for what, under which key. */
export interface PlacementRequest {
  readonly caller: Pick<Caller, 'tenant' | 'customerId'>;
  readonly key: string;
  readonly body: OrderRequest;
  readonly traceparent: string | undefined;
  readonly requestId: string;
}

/** The order that stands for the request, placed now or before. */
export interface PlacementAnswer {
  readonly orderId: string;
  readonly isReplay: boolean;
  /** What the first request was told. */
  readonly accepted: OrderResource;
}

/**
 * Saves the order, for a saga worker to start its saga; the same key and body again are given the
 * first answer. Throws a Problem: key used with another body, in progress, unknown product, …
 */
export async function placeOrder(
  { db, admission }: { db: Database; admission: Admission },
  request: PlacementRequest,
): Promise<PlacementAnswer> {
  const identity = idempotentRequest(request.caller, request.key, request.body);
  const order = await newOrder({ db, admission }, request).catch(async (error: unknown) => {
    // What was accepted before is answered the same, also when nothing could be sold any more.
    const before = await findPlacement(db, identity);
    if (!before) throw error;
    return before;
  });
  if ('outcome' in order) return answerOf(db, order);
  const placement = await savePlacement(db, identity, order);
  if (placement.outcome !== 'placed') return answerOf(db, placement);
  const { orderId, customer } = order;
  const facts = { ...order, customerId: customer.id, createdAt: placement.createdAt };
  return { orderId, isReplay: false, accepted: acceptedResource(facts) };
}

async function answerOf(db: Database, placement: EarlierPlacement): Promise<PlacementAnswer> {
  switch (placement.outcome) {
    case 'replayed': {
      const { orderId } = placement;
      const order = await findOrder(db, orderId);
      if (!order) throw new Error(`order ${orderId} of a kept key is gone`);
      return { orderId, isReplay: true, accepted: acceptedResource(order) };
    }
    case 'key_reused':
      throw new Problem('idempotency-key-reused');
    case 'in_progress':
      throw new Problem('request-in-progress', { headers: { 'Retry-After': '1' } });
  }
}

async function newOrder(
  { db, admission }: { db: Database; admission: Admission },
  { caller, body, traceparent, requestId }: PlacementRequest,
): Promise<NewOrder> {
  refuseOthersOrder(caller, body);
  await admission.refuseWhenOverloaded();
  const skus = [...new Set(body.lines.map((line) => line.sku))];
  const pricing = priceOrder(body.lines, await findCatalogueEntries(db, skus));
  if (!pricing.ok) throw new Problem('invalid-order', { errors: pricing.problems.map(toError) });
  return {
    orderId: `ord_${uuidv7()}`,
    tenant: caller.tenant,
    customer: body.customer,
    paymentMethod: body.paymentMethod,
    ...{ traceparent, requestId },
    ...priced(pricing),
  };
}

/** Who is bound to a customer orders for that one. */
function refuseOthersOrder({ customerId }: Pick<Caller, 'customerId'>, body: OrderRequest): void {
  if (customerId === undefined || customerId === body.customer.id) return;
  throw new Problem('forbidden', { detail: 'customer.id is not the one you are bound to' });
}

function priced({ lines, totalMinor, currency }: Extract<Pricing, { ok: true }>) {
  return { lines, totalMinor, currency };
}

const PROBLEM_TEXTS: Record<PricingProblem['code'], string> = {
  unknown_product: 'the catalogue has no such product',
  mixed_currencies: 'all lines of an order must have prices in one currency',
  amount_too_large: 'the total is more than can be charged at once',
  amount_zero: 'the total is zero',
};

function toError({ code, lineIndex }: PricingProblem): ProblemError {
  const path = lineIndex === undefined ? ['lines'] : ['lines', lineIndex, 'sku'];
  return { pointer: pointer(path), code, detail: PROBLEM_TEXTS[code] };
}
