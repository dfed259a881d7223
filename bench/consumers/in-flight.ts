/** Does `work` for each item, so many at once; returns how many a second. */
export async function perSecond<Item>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const start = performance.now();
  async function worker(): Promise<void> {
    while (next < items.length) await work(items[next++]!);
  }
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (items.length / (performance.now() - start)) * 1000;
}
