/** Others write to the same order seldom, and never for long. */
const MAX_TRIES = 5;

/**
 * Runs a change that was prepared from what was read before it, again for as long as it says that
 * somebody else wrote in between. Throws when that does not end.
 */
export async function retryWhenOvertaken<Result>(
  change: () => Promise<Result | 'overtaken'>,
): Promise<Result> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const result = await change();
    if (result !== 'overtaken') return result;
  }
  throw new Error(`overtaken ${MAX_TRIES} times by other changes of the same order`);
}
