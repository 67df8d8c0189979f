import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import type { Endpoints } from '../../../electron/engine/destinations/endpoints.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import type { OpenAccessTokens } from '../../../electron/engine/destinations/sign-in.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { DropboxDouble } from '../doubles/dropbox.ts';
import { openDestination } from './open-destination.ts';

/** A folder of the double's account, as the product opens it after a sign-in, without decorations. */
export function openDropbox(
  double: DropboxDouble,
  folder: string,
  changes: Partial<OpenContext> = {},
): Promise<Destination> {
  const accessTokens = signedIn(double);
  const endpoints = dropboxEndpoints(double.ports);
  return openDestination(`dropbox:///${folder}`, {}, { accessTokens, endpoints, ...changes });
}

/** Addresses of the double, or of what stands before it. */
export function dropboxEndpoints(ports: {
  readonly api: number;
  readonly content: number;
  readonly site: number;
}): Endpoints {
  const known: Readonly<Record<string, number>> = {
    'dropbox-api': ports.api,
    'dropbox-content': ports.content,
    'dropbox-sign-in': ports.site,
  };
  return (service) => {
    const port = known[service];
    return port === undefined ? undefined : `http://127.0.0.1:${String(port)}`;
  };
}

/** Access tokens of one sign-in, asked for anew where one was refused. */
export function signedIn({ account }: DropboxDouble): OpenAccessTokens {
  const refreshToken = account.signIn.grant();
  let current: string | undefined;
  return () => ({
    get: () => {
      try {
        current ??= account.signIn.accessToken(refreshToken);
        return Promise.resolve(current);
      } catch {
        return Promise.reject(fail('auth', 'The sign-in was revoked.'));
      }
    },
    refused: (token) => {
      if (token === current) current = undefined;
    },
  });
}
