import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { z } from 'zod';

/** A 256-bit key in base64url and the id by which sealed fields name it. */
export interface SealingKey {
  readonly id: string;
  readonly secret: string;
}

/** A256GCM takes a key of exactly this many bytes. */
const KEY_BYTES = 32;

/** `id:secret,id:secret` as a list of keys; the first seals, all open. */
export const sealingKeysSchema = z.string().transform((text, context): SealingKey[] =>
  text.split(',').map((pair) => {
    const [id = '', secret = ''] = pair.trim().split(':');
    if (id === '' || Buffer.from(secret, 'base64url').length !== KEY_BYTES) {
      context.addIssue(`expected id:secret,…, each secret ${KEY_BYTES} bytes in base64url`);
    }
    return { id, secret };
  }),
);

/** Seals personal data in events and opens it again. */
export interface Sealer {
  /** A JWE (RFC 7516, `dir` + `A256GCM`) of the value's JSON, under the first key. */
  seal(value: unknown): Promise<string>;
  /** The sealed value. Throws when the key is not held or the text was changed. */
  open(sealed: string): Promise<unknown>;
}

/** Sealing with the first of `keys`, opening with any: rotate by putting the new key first. */
export function createSealer(keys: readonly SealingKey[]): Sealer {
  const [sealingKey] = keys;
  if (!sealingKey) throw new Error('at least one sealing key is needed');
  const secrets = new Map(keys.map(({ id, secret }) => [id, Buffer.from(secret, 'base64url')]));

  return {
    async seal(value) {
      const text = new TextEncoder().encode(JSON.stringify(value));
      return new CompactEncrypt(text)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: sealingKey.id })
        .encrypt(secrets.get(sealingKey.id)!);
    },
    async open(sealed) {
      const { kid } = decodeProtectedHeader(sealed);
      const secret = secrets.get(kid ?? '');
      if (!secret) throw new Error(`sealed with key "${kid ?? ''}", which is not held here`);
      const { plaintext } = await compactDecrypt(sealed, secret);
      return JSON.parse(new TextDecoder().decode(plaintext)) as unknown;
    },
  };
}
