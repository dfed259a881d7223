import { formatMoney } from '../../domain/money';

test.each([
  [1234, 'EUR', '12.34 EUR'],
  [5, 'EUR', '0.05 EUR'],
  [-1234, 'USD', '-12.34 USD'],
  [500, 'JPY', '500 JPY'],
  [1234, 'KWD', '1.234 KWD'],
])('writes %i minor units of %s as %s', (amount, currency, text) => {
  expect(formatMoney(amount, currency)).toBe(text);
});
