import { z } from 'zod';

/** A page that a browser can still show at once. */
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** Digits of a number of a query: more would not be exact. */
const MAX_DIGITS = 15;

/** A whole number of a query, in digits alone. */
function wholeNumberSchema({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .regex(new RegExp(`^\\d{1,${MAX_DIGITS}}$`), 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max });
}

/** How many a page has. */
export function limitSchema(usual = DEFAULT_PAGE) {
  return wholeNumberSchema({ min: 1, max: MAX_PAGE }).default(usual).meta({ default: usual });
}

/** The number after which a page begins. */
export const afterNumberSchema = wholeNumberSchema({
  min: 1,
  max: 10 ** MAX_DIGITS - 1,
}).optional();

/** A page of a list: the next one is asked for by `starting_after` the last of this one. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean().describe('There are more after the last of these.'),
  });
}

/** A page of what was found when one more was looked for than `limit`. */
export function pageOf<Found, Item>(
  found: readonly Found[],
  limit: number,
  resource: (one: Found) => Item,
) {
  return {
    object: 'list' as const,
    data: found.slice(0, limit).map(resource),
    has_more: found.length > limit,
  };
}
