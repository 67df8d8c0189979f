import { createHash } from 'node:crypto';

import type { ContentHash } from '../../../shared/domain/asset.ts';

/** SHA-256 (FIPS 180-4) of bytes in memory. */
export function sha256Of(bytes: Uint8Array): ContentHash {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 and length of bytes as they stream by. */
export async function sha256OfStream(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ sha256: ContentHash; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}
