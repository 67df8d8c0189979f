import { z } from 'zod';

import type { Random } from '../../ports/random.ts';
import { seal, unseal } from '../common/sealed-text.ts';

const sessionSchema = z.object({
  /** Path and query of the session at the service. */
  path: z.string().min(1).max(4096),
  key: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
});

/** An upload that was begun. */
export type UploadSession = z.infer<typeof sessionSchema>;

const purpose = 'gs upload session';

/**
 * A session as text that says nothing to anybody without the service account key. The address of a session is
 * a permission by itself: whoever knows it may upload in the account's name for a week.
 */
export function sealSession(session: UploadSession, secret: string, random: Random): string {
  return seal(JSON.stringify(session), secret, purpose, random);
}

/** Undefined where the text was not sealed with this secret, which may have been exchanged since. */
export function unsealSession(
  sealed: string | undefined,
  secret: string,
): UploadSession | undefined {
  const text = sealed === undefined ? undefined : unseal(sealed, secret, purpose);
  return text === undefined ? undefined : sessionSchema.safeParse(JSON.parse(text)).data;
}
