import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import type { Random } from '../../ports/random.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Something that is worth as much as a secret, so that it may be kept where secrets may not: without the secret it
 * says nothing and permits nothing (AES-256-GCM under a key derived by HKDF, RFC 5869).
 * @param secret one with too much randomness to be guessed, such as a refresh token; no password
 * @param purpose what it is for: the same must be said to open it
 */
export function seal(text: string, secret: string, purpose: string, random: Random): string {
  const nonce = random.bytes(nonceBytes);
  const encryption = createCipheriv(cipher, keyFrom(secret, purpose), nonce);
  const body = Buffer.concat([encryption.update(text, 'utf8'), encryption.final()]);
  return Buffer.concat([nonce, encryption.getAuthTag(), body]).toString('base64url');
}

/** What was sealed; undefined where it was not under this secret and purpose, or was changed since. */
export function unseal(sealed: string, secret: string, purpose: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const nonce = bytes.subarray(0, nonceBytes);
  const body = bytes.subarray(nonceBytes + tagBytes);
  const decryption = createDecipheriv(cipher, keyFrom(secret, purpose), nonce);
  decryption.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decryption.update(body), decryption.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function keyFrom(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `cloudroll ${purpose}`, 32));
}
