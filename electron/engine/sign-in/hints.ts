import { CloudrollError, fail, failureOf } from '../../../shared/domain/failure.ts';
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

/** A keychain that cannot be used leaves a choice, and never a plain file. */
export function withoutKeychain(error: unknown, { secrets }: SignInProvider): CloudrollError {
  const { code, message, hint = '' } = failureOf(error);
  const choice = `Or keep the sign-in yourself, in the environment variable ${secrets.refreshToken}; Cloudroll never writes it into a file.`;
  return new CloudrollError({ code, message, hint: `${hint} ${choice}`.trim() }, error);
}
