import { PARTITION_COUNT, partitionOf, publishedKey, streamKey } from '../../events/streams';

test('an order stays in its partition for ever', () => {
  // Written down from the first release: another number would tear an order's events apart.
  expect(['ord_a', 'ord_b', 'ord_c', 'ord_d'].map(partitionOf)).toEqual([7, 4, 6, 3]);
});

test('orders spread over all partitions', () => {
  const seen = new Set(Array.from({ length: 1000 }, (_, i) => partitionOf(`ord_${i}`)));
  expect(seen.size).toBe(PARTITION_COUNT);
});

test('all keys of a partition share one Redis Cluster slot', () => {
  const tag = (key: string) => /\{(.*)\}/.exec(key)?.[1];
  expect(tag(streamKey(3))).toBe('orders:3');
  expect(tag(publishedKey(3, 1))).toBe('orders:3');
});
