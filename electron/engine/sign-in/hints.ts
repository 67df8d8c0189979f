import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../shared/domain/failure.ts';
import type { SignInProvider } from '../destinations/sign-in.ts';

/** How to sign in again, as a sentence. */
export function signInAgain(scheme: string): string {
  return `Sign in again in the settings, or with "cloudroll sign-in ${scheme}".`;
}

/** Nobody has signed in, neither here nor for a script. */
export function notSignedIn({ title, secrets }: SignInProvider, scheme: string): CloudrollError {
  return fail('auth', `Nobody is signed in to ${title}.`, {
    hint: `Sign in in the settings or with "cloudroll sign-in ${scheme}", or set ${secrets.refreshToken} in the environment.`,
  });
}

/**
 * A keychain that cannot be used leaves a choice, and never a plain file. It stops the destination as a sign-in that
 * is missing does, instead of failing photo by photo.
 */
export function withoutKeychain(error: unknown, { secrets }: SignInProvider): CloudrollError {
  const { message, hint = '' } = failureOf(error);
  const choice = `Or keep the sign-in yourself, in the environment variable ${secrets.refreshToken}; Cloudroll never writes it into a file.`;
  return fail('auth', message, { hint: `${hint} ${choice}`.trim(), cause: error });
}
