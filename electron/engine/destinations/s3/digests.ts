import { createHash } from 'node:crypto';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** S3 writes digests in base64, the engine in hexadecimal. */
export function base64OfHex(hexadecimal: string): string {
  return Buffer.from(hexadecimal, 'hex').toString('base64');
}

/** Undefined where the text is no base64 of a SHA-256, e.g. a checksum of checksums (`…-3`). */
export function sha256OfBase64(base64: string | undefined): string | undefined {
  if (base64 === undefined || !/^[A-Za-z0-9+/]{43}=$/u.test(base64)) return undefined;
  return Buffer.from(base64, 'base64').toString('hex');
}

/** The MD5 in an ETag of that form; it is one only where {@link Quirks} say so. */
export function md5OfEtag(etag: string | undefined): string | undefined {
  return /^"?([0-9a-f]{32})"?$/u.exec(etag ?? '')?.[1];
}

/** Servers write one and the same ETag with quotes here and without them there. */
export function tagOf(etag: string | undefined): string | null {
  return etag === undefined || etag === '' ? null : etag.replaceAll('"', '');
}
