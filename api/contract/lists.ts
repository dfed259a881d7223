import { z } from 'zod';

/** A page that a browser can still show at once. */
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** How many a page has. */
export const limitSchema = z.coerce
  .number()
  .int()
  .min(1)
  .max(MAX_PAGE)
  .default(DEFAULT_PAGE)
  .meta({ type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE });

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
