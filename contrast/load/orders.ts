import { seededRandom } from '../../chaos/proxy';
import type { OrderToPost } from '../../dev/post-order';
import type { Product } from '../design';

const PRODUCTS = 40;
/** More than all runs of a design order. */
const ON_HAND = 1_000_000;
const MAX_QUANTITY = 3;

const SOLD_OUT_SHARE = 0.04;
const DECLINED_SHARE = 0.08;
/** Customers who close the page at the first error, instead of trying again. */
const IMPATIENT_SHARE = 0.2;

const SOLD_OUT = 'CONTRAST-SOLD-OUT';

/** What is on the shelf of each design; many products, so that few orders want the same one. */
export const SHELF: readonly Product[] = [
  ...Array.from({ length: PRODUCTS }, (_, i) => {
    return { sku: `CONTRAST-${i}`, unitPriceMinor: 500 + 10 * i, onHand: ON_HAND };
  }),
  { sku: SOLD_OUT, unitPriceMinor: 100, onHand: 0 },
];

/** An order that somebody will place. */
export interface PlannedOrder {
  /** When, in milliseconds from the beginning. */
  readonly dueMs: number;
  readonly key: string;
  readonly order: OrderToPost;
  readonly isPatient: boolean;
}

/** How orders come: `burst` more of them a second, for a while. */
export interface Load {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly burst?: {
    readonly fromSecond: number;
    readonly seconds: number;
    readonly ratePerSecond: number;
  };
}

/** The same orders for the same name and seed; each has a customer of its own. */
export function planOrders(name: string, load: Load, seed: number): PlannedOrder[] {
  const random = seededRandom(seed);
  return dueTimes(load).map((dueMs, i) => {
    const customer = { id: `cus_${name}-${i}`, email: `${name}-${i}@example.com` };
    const isSoldOut = random() < SOLD_OUT_SHARE;
    const sku = isSoldOut ? SOLD_OUT : `CONTRAST-${Math.floor(random() * PRODUCTS)}`;
    const quantity = 1 + Math.floor(random() * MAX_QUANTITY);
    const isDeclined = random() < DECLINED_SHARE;
    const isPatient = random() >= IMPATIENT_SHARE;
    const paymentMethod = isDeclined ? 'pm_card_chargeDeclined' : 'pm_card_visa';
    const order = { customer, lines: [{ sku, quantity }], paymentMethod };
    return { dueMs, key: `${name}-${seed}-${i}`, order, isPatient };
  });
}

function dueTimes({ ratePerSecond, seconds, burst }: Load): number[] {
  const steady = spread(0, seconds, ratePerSecond);
  if (!burst) return steady;
  return [...steady, ...spread(burst.fromSecond, burst.seconds, burst.ratePerSecond)].sort(
    (a, b) => a - b,
  );
}

function spread(fromSecond: number, seconds: number, ratePerSecond: number): number[] {
  const count = Math.round(seconds * ratePerSecond);
  return Array.from({ length: count }, (_, i) => fromSecond * 1000 + (i / ratePerSecond) * 1000);
}
