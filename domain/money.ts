/** The largest amount of one order, in minor units: the payment provider takes eight digits. */
export const MAX_AMOUNT_MINOR = 99_999_999;

/** "12.34 EUR" for 1234 minor units; knows that some currencies have no cents. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = fractionDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${sign}${whole}${digits ? `.${text.slice(-digits)}` : ''} ${currency}`;
}

/** Asked once a currency: making a formatter costs more than formatting. */
const knownFractionDigits = new Map<string, number>();

/** Minor units of a currency, as a power of ten (ISO 4217). */
function fractionDigits(currency: string): number {
  let digits = knownFractionDigits.get(currency);
  if (digits === undefined) {
    knownFractionDigits.set(currency, (digits = askFractionDigits(currency)));
  }
  return digits;
}

function askFractionDigits(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}
