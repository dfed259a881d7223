import { compareIds } from '../../../consumers/runtime/entry-id';

test('ids stand in the order of their numbers, however many digits those have', () => {
  const inOrder = [
    ...['0-0', '0-1', '0-9', '0-10', '1-0', '9-12', '10-1', '10-2', '10-10', '99-0', '100-0'],
    ...['1795716036452-0', '1795716036452-9', '1795716036452-10', '1795716036453-0'],
    ...['1795716036453-18446744073709551614', '1795716036453-18446744073709551615'],
  ];
  inOrder.forEach((a, i) =>
    inOrder.forEach((b, j) => expect(Math.sign(compareIds(a, b))).toBe(Math.sign(i - j))),
  );
});
