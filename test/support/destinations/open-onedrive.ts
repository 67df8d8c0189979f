import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import type { AccessTokens } from '../../../electron/engine/destinations/sign-in.ts';
import type { OneDriveDouble } from '../doubles/onedrive.ts';
import { openDestination } from './open-destination.ts';

/** A folder of the double, as the product opens it for somebody who is signed in. */
export function openOneDrive(
  double: OneDriveDouble,
  folder: string,
  changes: Partial<OpenContext> & { readonly port?: number } = {},
): Promise<Destination> {
  const { port = double.port, ...context } = changes;
  const tokens = tokensOf(double);
  return openDestination(
    `onedrive:///${folder}`,
    { CLOUDROLL_ONEDRIVE_REFRESH_TOKEN: 'a refresh token' },
    {
      accessTokens: () => tokens,
      endpoints: (service) =>
        service === 'onedrive' ? `http://127.0.0.1:${String(port)}` : undefined,
      ...context,
    },
  );
}

/** Gets another token when one is refused, as a sign-in that is still good does. */
function tokensOf({ graph: { accounts } }: OneDriveDouble): AccessTokens {
  let current: string | undefined;
  return {
    get: () => Promise.resolve((current ??= accounts.issueAccess())),
    refused: (token) => {
      if (token === current) current = undefined;
    },
  };
}
