import fc from 'fast-check';
import { aggregateLines, priceOrder, type CatalogueEntry } from '../../domain/pricing';

const catalogue = new Map<string, CatalogueEntry>(
  [
    { sku: 'TEA', unitPriceMinor: 890, currency: 'EUR' },
    { sku: 'CUP', unitPriceMinor: 1450, currency: 'EUR' },
    { sku: 'DOLLAR', unitPriceMinor: 100, currency: 'USD' },
    { sku: 'GIFT', unitPriceMinor: 0, currency: 'EUR' },
    { sku: 'YACHT', unitPriceMinor: 99_999_999, currency: 'EUR' },
  ].map((entry) => [entry.sku, entry]),
);

test('prices every line from the catalogue and adds them up', () => {
  const pricing = priceOrder(
    [
      { sku: 'TEA', quantity: 2 },
      { sku: 'CUP', quantity: 1 },
    ],
    catalogue,
  );
  expect(pricing).toMatchObject({ ok: true, totalMinor: 3230, currency: 'EUR' });
});

test.each([
  ['a product the catalogue lacks', [{ sku: 'NOPE', quantity: 1 }], 'unknown_product', 0],
  [
    'two currencies',
    [
      { sku: 'TEA', quantity: 1 },
      { sku: 'DOLLAR', quantity: 1 },
    ],
    'mixed_currencies',
    1,
  ],
  ['a total past the limit', [{ sku: 'YACHT', quantity: 2 }], 'amount_too_large', undefined],
  ['a total of nothing', [{ sku: 'GIFT', quantity: 3 }], 'amount_zero', undefined],
])('refuses %s and says where', (_, lines, code, lineIndex) => {
  const pricing = priceOrder(lines, catalogue);
  expect(pricing).toEqual({
    ok: false,
    problems: [lineIndex === undefined ? { code } : { code, lineIndex }],
  });
});

test('aggregates to one line a SKU, sorted, and loses no quantity', () => {
  const line = fc.record({
    sku: fc.constantFrom('C', 'A', 'B', 'D'),
    quantity: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 50 }), (lines) => {
      const aggregated = aggregateLines(lines);
      const skus = aggregated.map(({ sku }) => sku);
      expect(skus).toEqual([...new Set(lines.map(({ sku }) => sku))].sort());
      const sum = (all: readonly { quantity: number }[]) => all.reduce((n, l) => n + l.quantity, 0);
      expect(sum(aggregated)).toBe(sum(lines));
    }),
  );
});
