import { MAX_AMOUNT_MINOR } from './money';

/** What a SKU looks like; the database holds products to the same. */
export const SKU_PATTERN = /^[A-Z0-9][A-Z0-9-]{0,63}$/;

/** What a caller asks for. */
export interface RequestedLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What the catalogue says about a product. */
export interface CatalogueEntry {
  readonly sku: string;
  readonly unitPriceMinor: number;
  readonly currency: string;
}

/** A requested line with the price at which it is sold. */
export interface PricedLine extends RequestedLine {
  readonly unitPriceMinor: number;
}

/** Why an order cannot be priced; `lineIndex` points at the line, where one is to blame. */
export interface PricingProblem {
  readonly code: 'unknown_product' | 'mixed_currencies' | 'amount_too_large' | 'amount_zero';
  readonly lineIndex?: number;
}

/** A priced order, or every reason why it cannot be priced. */
export type Pricing =
  | { readonly ok: true; lines: PricedLine[]; totalMinor: number; currency: string }
  | { readonly ok: false; problems: PricingProblem[] };

/** Prices the lines from the catalogue; the caller's idea of a price is never asked for. */
export function priceOrder(
  requested: readonly RequestedLine[],
  catalogue: ReadonlyMap<string, CatalogueEntry>,
): Pricing {
  const entries = requested.map((line) => catalogue.get(line.sku));
  const problems = lineProblems(entries);
  const [first] = entries;
  if (problems.length > 0 || !first) return { ok: false, problems };

  const lines = requested.map((line, i) => ({
    ...line,
    unitPriceMinor: entries[i]!.unitPriceMinor,
  }));
  const totalMinor = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  if (totalMinor > MAX_AMOUNT_MINOR) return refuse('amount_too_large');
  if (totalMinor === 0) return refuse('amount_zero');
  return { ok: true, lines, totalMinor, currency: first.currency };
}

function lineProblems(entries: readonly (CatalogueEntry | undefined)[]): PricingProblem[] {
  const currency = entries.find((entry) => entry)?.currency;
  return entries.flatMap((entry, lineIndex): PricingProblem[] => {
    if (!entry) return [{ code: 'unknown_product', lineIndex }];
    return entry.currency === currency ? [] : [{ code: 'mixed_currencies', lineIndex }];
  });
}

function refuse(code: PricingProblem['code']): Pricing {
  return { ok: false, problems: [{ code }] };
}

/** One line a SKU, quantities added up, sorted by SKU: the one form in which stock is touched. */
export function aggregateLines(lines: readonly RequestedLine[]): RequestedLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([sku, quantity]) => ({ sku, quantity }))
    .sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
