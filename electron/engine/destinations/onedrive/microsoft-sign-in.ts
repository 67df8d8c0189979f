import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import { statusFailure } from '../common/http-failure.ts';
import { SignedApi } from '../common/signed-api.ts';
import type { Endpoints } from '../endpoints.ts';
import type { OpenContext } from '../open-context.ts';
import type { AccessTokens, SignInProvider } from '../sign-in.ts';

export const oneDriveSecrets = {
  refreshToken: 'CLOUDROLL_ONEDRIVE_REFRESH_TOKEN',
  clientId: 'CLOUDROLL_ONEDRIVE_CLIENT_ID',
} as const;

/** Where a person registers a client of their own. */
export const microsoftClientConsole =
  'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade';

/** Of Microsoft Graph, without a slash at the end. */
export function graphOrigin(endpoints: Endpoints | undefined): string {
  return endpoints?.('onedrive') ?? 'https://graph.microsoft.com';
}

/**
 * Signing in with a Microsoft account, personal or of work or school, as a public client
 * (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow). Each refresh brings a new refresh token.
 * A single token cannot be revoked there: who signs out for good takes the app off the account's page.
 */
export function microsoftSignIn(endpoints: Endpoints): SignInProvider {
  const base = endpoints('microsoft-sign-in') ?? 'https://login.microsoftonline.com';
  return {
    id: 'microsoft',
    title: 'Microsoft',
    authorizationEndpoint: `${base}/common/oauth2/v2.0/authorize`,
    tokenEndpoint: `${base}/common/oauth2/v2.0/token`,
    revocation: null,
    scopes: ['Files.ReadWrite', 'User.Read', 'offline_access'],
    parameters: { prompt: 'select_account' },
    // Registered as http://localhost; Microsoft takes any port of it, but not 127.0.0.1.
    loopback: { host: 'localhost', ports: [], path: '/' },
    secrets: { ...oneDriveSecrets, clientSecret: null },
    clientConsole: microsoftClientConsole,
    account: (accessToken, signal) => nameOfAccount(graphOrigin(endpoints), accessToken, signal),
  };
}

/** The account's tokens; where nobody is signed in, ones that say so when they are needed. */
export function accountTokens({
  accessTokens,
  endpoints,
}: Pick<OpenContext, 'accessTokens' | 'endpoints'>): AccessTokens {
  if (accessTokens !== undefined) {
    return accessTokens(microsoftSignIn(endpoints ?? (() => undefined)));
  }
  return {
    get: () =>
      Promise.reject(
        fail('auth', 'Nobody is signed in to OneDrive.', {
          hint: 'Sign in: cloudroll sign-in onedrive, or the button in the settings.',
        }),
      ),
    refused: () => undefined,
  };
}

const name = z.string().min(1).max(320);
const userSchema = z.object({ mail: name.nullish().catch(null), userPrincipalName: name });

async function nameOfAccount(
  origin: string,
  accessToken: string,
  signal: AbortSignal,
): Promise<string> {
  const api = new SignedApi({
    origin,
    maxSockets: 1,
    tokens: { get: () => Promise.resolve(accessToken), refused: () => undefined },
    explain: ({ status }) =>
      statusFailure(status, undefined, 0) ??
      fail('auth', 'Microsoft does not say which account this is.', {
        hint: 'Sign in again and allow Cloudroll to read the name of the account.',
      }),
  });
  try {
    const request = { method: 'GET', path: '/v1.0/me?$select=mail,userPrincipalName' };
    const { mail, userPrincipalName } = await api.json(userSchema, request, [200], signal);
    return mail ?? userPrincipalName;
  } finally {
    api.close();
  }
}
