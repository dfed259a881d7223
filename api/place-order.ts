import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../db/database';
import { findCatalogueEntries } from '../db/catalogue';
import {
  findPlacement,
  placeOrder as savePlacement,
  type IdempotentRequest,
  type NewOrder,
  type Placement,
} from '../db/placement';
import { priceOrder, type Pricing, type PricingProblem } from '../domain/pricing';
import { canonicalJson } from '../events/canonical-json';
import type { OrderRequest } from './order-request';
import { orderResource } from './order-resource';
import { Problem, type ProblemError } from './problem';
import type { SagaStarter } from './saga-starter';
import { pointer } from './validation';

/** Who asks for what, under which key. */
export interface PlacementRequest {
  readonly caller: string;
  readonly key: string;
  readonly body: OrderRequest;
  readonly traceparent: string | undefined;
}

/** The order that stands for the request, placed now or before. */
export interface PlacementAnswer {
  readonly orderId: string;
  readonly isReplay: boolean;
  /** What the first request was told. */
  readonly accepted: object;
}

/**
 * Saves the order and starts its saga; the same key and body again are given the first answer.
 * Throws a Problem: key used with another body, in progress, unknown product, …
 */
export async function placeOrder(
  { db, starter }: { db: Database; starter: SagaStarter },
  request: PlacementRequest,
): Promise<PlacementAnswer> {
  const identity = identityOf(request);
  const before = await findPlacement(db, identity);
  if (before) return answerOf(before, '');

  const order = await priceNewOrder(db, request);
  const placement = await savePlacement(db, identity, order, (createdAt) =>
    orderResource({ ...pendingView(order), createdAt, updatedAt: createdAt }),
  );
  if (placement.outcome === 'placed') {
    starter.startInBackground({ ...order, customerId: order.customer.id, lines: linesOf(order) });
  }
  return answerOf(placement, order.orderId);
}

function identityOf({ caller, key, body }: PlacementRequest): IdempotentRequest {
  const bodyHash = createHash('sha256').update(canonicalJson(body)).digest('base64url');
  return { caller, key, bodyHash };
}

function answerOf(placement: Placement, newOrderId: string): PlacementAnswer {
  switch (placement.outcome) {
    case 'placed':
      return { orderId: newOrderId, isReplay: false, accepted: placement.answer };
    case 'replayed':
      return { orderId: placement.orderId, isReplay: true, accepted: placement.answer };
    case 'key_reused':
      throw new Problem('idempotency-key-reused');
    case 'in_progress':
      throw new Problem('request-in-progress', { headers: { 'Retry-After': '1' } });
  }
}

async function priceNewOrder(
  db: Database,
  { caller, body, traceparent }: PlacementRequest,
): Promise<NewOrder> {
  const skus = [...new Set(body.lines.map((line) => line.sku))];
  const pricing = priceOrder(body.lines, await findCatalogueEntries(db, skus));
  if (!pricing.ok) throw new Problem('invalid-order', { errors: pricing.problems.map(toError) });
  return {
    orderId: `ord_${uuidv7()}`,
    caller,
    customer: body.customer,
    paymentMethod: body.paymentMethod,
    traceparent,
    ...priced(pricing),
  };
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

function pendingView({ orderId, customer, currency, totalMinor, lines }: NewOrder) {
  return {
    orderId,
    customerId: customer.id,
    status: 'pending',
    paymentStatus: 'none',
    fulfilmentStatus: 'none',
    outcomeCode: null,
    needsAttention: [],
    currency,
    totalMinor,
    lines,
  } as const;
}

function linesOf({ lines }: NewOrder) {
  return lines.map(({ sku, quantity }) => ({ sku, quantity }));
}
