import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How every key begins, so that scanners for lost secrets can tell one. */
const PREFIX = 'tdm';
const SECRET_BYTES = 32;
const ID_LENGTH = 16;
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz012345';

/** An id and a secret of 256 random bits (43 characters of base64url). */
const KEY = /^tdm_([0-9a-z]{16})_([\w-]{43})$/;

/** A key that was just made: `key` is shown once, and only its hash is kept. */
export interface MadeApiKey {
  readonly id: string;
  readonly key: string;
  readonly secretHash: Buffer;
}

/** Makes a key of random bits. */
export function makeApiKey(): MadeApiKey {
  const letters = [...randomBytes(ID_LENGTH)].map((byte) => ID_ALPHABET[byte % ID_ALPHABET.length]);
  const idPart = letters.join('');
  const key = `${PREFIX}_${idPart}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id: `key_${idPart}`, key, secretHash: hashOf(key) };
}

/** The id of what looks like a key; undefined for anything else. */
export function apiKeyId(text: string): string | undefined {
  const match = KEY.exec(text);
  return match ? `key_${match[1]}` : undefined;
}

/** Whether the key has this hash, in a time that says nothing. */
export function hasHash(key: string, secretHash: Buffer): boolean {
  return timingSafeEqual(hashOf(key), secretHash);
}

/** What is kept of a key. A plain hash is enough: nobody guesses 256 random bits. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
