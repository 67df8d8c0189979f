import { z } from 'zod';

import { failureSchema } from './failure-schema.ts';

/** Names one sign-in, from its start until the destination it is for was kept or the app closes. */
export const signInIdSchema = z.string().min(1).max(64);

/** Longest address of a provider's sign-in page, characters. */
export const longestSignInAddress = 2000;

/** A sign-in that waits for the person: its page is opened in the system's browser. */
export const startedSignInSchema = z.strictObject({
  id: signInIdSchema,
  /** Address of the provider's page, for `HostBridge.openExternal`; it holds no secret. */
  address: z.string().max(longestSignInAddress),
});
export type StartedSignIn = z.infer<typeof startedSignInSchema>;

/**
 * How a sign-in stands. It waits for ten minutes at most, and ends exactly once: `done` with the account,
 * `failed` with the failure, or `cancelled`. A `done` one can be used for a test and for one destination.
 */
export const signInStatusSchema = z.strictObject({
  id: signInIdSchema,
  state: z.enum(['waiting', 'done', 'failed', 'cancelled']),
  /** Name of the account for people, usually an e-mail address; only when `done`. */
  account: z.string().max(320).nullable(),
  /** Only when `failed`. */
  failure: failureSchema.nullable(),
});
export type SignInStatus = z.infer<typeof signInStatusSchema>;
