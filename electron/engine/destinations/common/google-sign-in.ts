import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { Endpoints } from '../endpoints.ts';
import type { SignInProvider } from '../sign-in.ts';
import { statusFailure } from './http-failure.ts';
import { SignedApi } from './signed-api.ts';

/** Names of the secrets of a person's own client, shared by all kinds at Google. */
export const googleClientSecrets = {
  clientId: 'CLOUDROLL_GOOGLE_CLIENT_ID',
  clientSecret: 'CLOUDROLL_GOOGLE_CLIENT_SECRET',
} as const;

/** Where a person registers a client of their own. */
export const googleClientConsole = 'https://console.cloud.google.com/auth/clients';

/** What differs from one kind of destination at Google to the next. */
export interface GoogleSignInOptions {
  /** Whole addresses, such as `https://www.googleapis.com/auth/drive.file`; `openid` and `email` are added. */
  readonly scopes: readonly string[];
  /** Name of the secret that the sign-in leaves; of one kind only, because its scopes are. */
  readonly refreshToken: string;
}

/**
 * Signing in with a Google account (developers.google.com/identity/protocols/oauth2/native-app). Google gives a
 * refresh token only where offline access is asked for, and again only with a new consent; choosing the account
 * each time is what makes several accounts possible.
 */
export function googleSignIn(options: GoogleSignInOptions, endpoints: Endpoints): SignInProvider {
  const replacement = endpoints('google-sign-in');
  const { scopes, refreshToken } = options;
  return {
    id: 'google',
    title: 'Google',
    authorizationEndpoint: `${replacement ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
    tokenEndpoint: `${replacement ?? 'https://oauth2.googleapis.com'}/token`,
    revocation: {
      address: `${replacement ?? 'https://oauth2.googleapis.com'}/revoke`,
      style: 'form',
    },
    scopes: ['openid', 'email', ...scopes],
    parameters: { access_type: 'offline', prompt: 'consent select_account' },
    loopback: { host: '127.0.0.1', ports: [], path: '/' },
    secrets: { refreshToken, ...googleClientSecrets },
    clientConsole: googleClientConsole,
    account: (accessToken, signal) =>
      emailOf(replacement ?? 'https://openidconnect.googleapis.com', accessToken, signal),
  };
}

const userInfoSchema = z.object({ email: z.string().min(3).max(320) });

/** The e-mail address of the account, by the address of OpenID Connect for it. */
async function emailOf(origin: string, accessToken: string, signal: AbortSignal): Promise<string> {
  const api = new SignedApi({
    origin,
    maxSockets: 1,
    tokens: { get: () => Promise.resolve(accessToken), refused: () => undefined },
    explain: ({ status }) =>
      statusFailure(status, undefined, 0) ??
      fail('auth', 'Google does not say which account this is.', {
        hint: 'Sign in again and allow Cloudroll to see the e-mail address.',
      }),
  });
  try {
    const request = { method: 'GET', path: '/v1/userinfo' };
    return (await api.json(userInfoSchema, request, [200], signal)).email;
  } finally {
    api.close();
  }
}
