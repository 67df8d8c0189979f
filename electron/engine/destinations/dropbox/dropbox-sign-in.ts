import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import { statusFailure } from '../common/http-failure.ts';
import { SignedApi } from '../common/signed-api.ts';
import type { Endpoints } from '../endpoints.ts';
import type { AccessTokens, SignInProvider } from '../sign-in.ts';
import { dropboxOrigins } from './connection.ts';
import { signInHint } from './dropbox-failure.ts';

export const dropboxSecrets = {
  refreshToken: 'CLOUDROLL_DROPBOX_REFRESH_TOKEN',
  clientId: 'CLOUDROLL_DROPBOX_CLIENT_ID',
  clientSecret: null,
} as const;

/** Where a person registers an app of their own. */
export const dropboxConsole = 'https://www.dropbox.com/developers/apps';

/** Addresses that an app has to be registered with: Dropbox compares them letter by letter. */
export const dropboxLoopback = {
  host: 'localhost',
  ports: [53711, 53712, 53713],
  path: '/',
} as const;

/**
 * Signing in at Dropbox (developers.dropbox.com/oauth-guide) as a public client: PKCE stands for the secret.
 * `token_access_type=offline` is what makes it give a refresh token. Revoking any access token ends the refresh
 * token it came from as well.
 */
export function dropboxSignIn(endpoints: Endpoints): SignInProvider {
  const { api } = dropboxOrigins(endpoints);
  const site = endpoints('dropbox-sign-in') ?? 'https://www.dropbox.com';
  return {
    id: 'dropbox',
    title: 'Dropbox',
    authorizationEndpoint: `${site}/oauth2/authorize`,
    tokenEndpoint: `${api}/oauth2/token`,
    revocation: { address: `${api}/2/auth/token/revoke`, style: 'bearer' },
    scopes: [
      'account_info.read',
      'files.metadata.read',
      'files.content.read',
      'files.content.write',
    ],
    parameters: { token_access_type: 'offline' },
    loopback: dropboxLoopback,
    secrets: dropboxSecrets,
    clientConsole: dropboxConsole,
    account: (accessToken, signal) => emailOf(api, accessToken, signal),
  };
}

/** For whoever opens a destination without a sign-in. */
export const notSignedIn: AccessTokens = {
  get: () =>
    Promise.reject(fail('auth', 'You are not signed in to Dropbox.', { hint: signInHint })),
  refused: () => undefined,
};

const accountSchema = z.object({ email: z.string().min(3).max(320) });

async function emailOf(origin: string, accessToken: string, signal: AbortSignal): Promise<string> {
  const api = new SignedApi({
    origin,
    maxSockets: 1,
    tokens: { get: () => Promise.resolve(accessToken), refused: () => undefined },
    explain: ({ status }) =>
      statusFailure(status, undefined, 0) ??
      fail('auth', 'Dropbox does not say which account this is.', {
        hint: 'Sign in again and allow Cloudroll to see the account. An app of your own needs the permission account_info.read.',
      }),
  });
  try {
    const path = '/2/users/get_current_account';
    const request = { method: 'POST', path, body: new Uint8Array() };
    return (await api.json(accountSchema, request, [200], signal)).email;
  } finally {
    api.close();
  }
}
