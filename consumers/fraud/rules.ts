/** What an order can be suspected for, and how much each weighs. */
const WEIGHTS = {
  many_orders: 40,
  many_declines: 40,
  unusual_amount: 30,
  card_many_orders: 40,
  card_many_customers: 50,
} as const;

/** Why an order is suspected. */
export type Reason = keyof typeof WEIGHTS;

/** People order twice when they forgot something; five times in ten minutes is a script, or a test. */
const MANY_ORDERS = 5;
/** A card that is mistyped twice is a person's. */
const MANY_DECLINES = 3;
/** A family shares a card. */
const MANY_CUSTOMERS = 4;
/** Before so many orders nothing is usual. */
const MIN_HISTORY = 3;
const UNUSUAL_FACTOR = 5;
/** Nobody steals for less, in minor units. */
const MIN_UNUSUAL_MINOR = 10_000;

/** What is known of the customer when an order is placed; the order itself is counted. */
export interface CustomerFacts {
  readonly recentOrders: number;
  readonly recentDeclines: number;
  readonly earlierOrders: number;
  /** The average of the earlier orders; 0 when there are none. */
  readonly usualMinor: number;
}

/** What is known of a card when it has paid; the order itself is counted. */
export interface CardFacts {
  readonly recentOrders: number;
  readonly customers: number;
}

export function suspectCustomer(totalMinor: number, facts: CustomerFacts): Reason[] {
  const isUnusual =
    facts.earlierOrders >= MIN_HISTORY &&
    totalMinor >= MIN_UNUSUAL_MINOR &&
    totalMinor > UNUSUAL_FACTOR * facts.usualMinor;
  return [
    ...when(facts.recentOrders >= MANY_ORDERS, 'many_orders'),
    ...when(facts.recentDeclines >= MANY_DECLINES, 'many_declines'),
    ...when(isUnusual, 'unusual_amount'),
  ];
}

export function suspectCard(facts: CardFacts): Reason[] {
  return [
    ...when(facts.recentOrders >= MANY_ORDERS, 'card_many_orders'),
    ...when(facts.customers >= MANY_CUSTOMERS, 'card_many_customers'),
  ];
}

/** How suspicious an order is. */
export function scoreOf(reasons: readonly Reason[]): number {
  return reasons.reduce((score, reason) => score + WEIGHTS[reason], 0);
}

function when(is: boolean, reason: Reason): Reason[] {
  return is ? [reason] : [];
}
