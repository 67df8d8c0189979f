import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import type { AccessTokens } from '../../../electron/engine/destinations/sign-in.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { GoogleDriveDouble } from '../doubles/google-drive.ts';
import { openDestination } from './open-destination.ts';

export const driveScopes = ['openid', 'email', 'https://www.googleapis.com/auth/drive.file'];
export const driveClientSecret = 'client-secret';
export const driveUrl = 'gdrive:///사진/백업?account=me@example.com';

export interface DriveAccess {
  readonly refreshToken: string;
  readonly tokens: AccessTokens;
}

/** Somebody who is signed in at the double. */
export function signedInAt(
  { accounts }: GoogleDriveDouble,
  scopes = driveScopes,
  clientId = 'client-1',
): DriveAccess {
  const grant = { clientId, email: 'me@example.com', scopes };
  const refreshToken = accounts.grant(grant, driveClientSecret);
  let token: string | undefined;
  const get = (): Promise<string> => {
    token ??= accounts.accessToken(refreshToken);
    return token === undefined
      ? Promise.reject(fail('auth', 'The sign-in was revoked.'))
      : Promise.resolve(token);
  };
  const refused = (): void => {
    token = undefined;
  };
  return { refreshToken, tokens: { get, refused } };
}

/** The destination as the product opens it, at the double or at a port before it. */
export function openDrive(
  access: DriveAccess,
  port: number,
  changes: Partial<OpenContext> = {},
): Promise<Destination> {
  const secrets = { CLOUDROLL_GDRIVE_REFRESH_TOKEN: access.refreshToken };
  return openDestination(driveUrl, secrets, {
    endpoints: () => `http://127.0.0.1:${String(port)}`,
    accessTokens: () => access.tokens,
    ...changes,
  });
}
