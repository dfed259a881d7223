import { randomBytes } from 'node:crypto';
import { createSealer, sealingKeysSchema } from '../../events/sealing';

const key = (id: string) => ({ id, secret: randomBytes(32).toString('base64url') });
const contact = { email: 'ada@example.com', name: 'Ada' };

test('only who holds the key can read what is sealed', async () => {
  const mine = key('2026-11');
  const sealed = await createSealer([mine]).seal(contact);
  expect(sealed).not.toContain('ada');
  expect(await createSealer([mine]).open(sealed)).toEqual(contact);
  await expect(createSealer([key('other')]).open(sealed)).rejects.toThrow(/not held here/);
  await expect(createSealer([{ ...key('x'), id: '2026-11' }]).open(sealed)).rejects.toThrow();
});

test('a new key seals while the old one still opens', async () => {
  const [old, fresh] = [key('old'), key('fresh')];
  const before = await createSealer([old]).seal(contact);
  const rotated = createSealer([fresh, old]);
  expect(await rotated.open(before)).toEqual(contact);
  const after = await rotated.seal(contact);
  await expect(createSealer([old]).open(after)).rejects.toThrow(/fresh/);
});

test.each(['', 'id', 'id:short', `:${key('x').secret}`])('refuses the keys "%s"', (text) => {
  expect(sealingKeysSchema.safeParse(text).success).toBe(false);
});
