/**
 * Asks at most every `ms`, and never twice at once: whoever asks meanwhile is given what is known,
 * or waits for the same answer. A failure is not kept.
 */
export function atMostEvery<Result>(ms: number, ask: () => Promise<Result>): () => Promise<Result> {
  let asking: Promise<Result> | undefined;
  let known: { readonly result: Result; readonly at: number } | undefined;
  return () => {
    if (known && performance.now() - known.at < ms) return Promise.resolve(known.result);
    asking ??= ask()
      .then((result) => {
        known = { result, at: performance.now() };
        return result;
      })
      .finally(() => (asking = undefined));
    return asking;
  };
}
