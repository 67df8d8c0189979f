import { z } from 'zod';

const tokenSchema = z.object({
  uploadId: z.string().min(1).max(4096),
  key: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
  partBytes: z.int().positive(),
});

/** What is kept to go on with a multipart upload. */
export type MultipartToken = z.infer<typeof tokenSchema>;

/** Undefined where the text is no token. */
export function parseToken(text: string | undefined): MultipartToken | undefined {
  if (text === undefined) return undefined;
  try {
    return tokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function formatToken(token: MultipartToken): string {
  return JSON.stringify(token);
}

const mebibyte = 1024 * 1024;

/** Smallest size of a part that is used; S3 allows 5 MiB, and fewer parts mean fewer requests. */
export const smallestPart = 8 * mebibyte;

/**
 * Bytes of each part but the last, so that at most 10,000 are needed
 * (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html); a whole number of MiB.
 */
export function partBytesFor(bytes: number): number {
  return Math.max(smallestPart, Math.ceil(bytes / 10_000 / mebibyte) * mebibyte);
}
