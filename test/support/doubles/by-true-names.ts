import { startTrueNames, type TrueNames } from '../network/true-names.ts';
import { driveClientSecret, driveScopes } from '../destinations/open-google-drive.ts';
import { dropboxApp, startDropbox } from './dropbox.ts';
import { GoogleDriveDouble } from './google-drive.ts';
import { oneDriveAccount, oneDriveHosts, startOneDrive } from './onedrive.ts';

/** A double that Cloudroll and rclone reach as they reach the provider: by its names, over TLS, signed in. */
export interface CloudByName {
  readonly names: TrueNames;
  /** Variables with which Cloudroll goes there, as somebody who is signed in. */
  readonly ours: Readonly<Record<string, string>>;
  /** Cloudroll's destination for a folder of the account. */
  readonly url: (folder: string) => string;
  /** Variables with which rclone finds the account as the remote `cloud:`. */
  readonly rclone: Readonly<Record<string, string>>;
  /** The hash that both sides of rclone have for it, as `rclone hashsum` calls it. */
  readonly hashName: string;
  /** Every file that the double holds, by its path in the account. */
  readonly files: () => ReadonlyMap<string, Buffer>;
  readonly stop: () => Promise<void>;
}

/** Google Drive; rclone signs in with a client of its own, which may see all of the Drive. */
export async function googleDriveByName(
  rcloneScope: 'drive' | 'drive.file' = 'drive',
): Promise<CloudByName> {
  const double = await GoogleDriveDouble.start();
  const { accounts } = double;
  const hosts = ['www.googleapis.com', 'oauth2.googleapis.com', 'openidconnect.googleapis.com'];
  const names = await startTrueNames(Object.fromEntries(hosts.map((host) => [host, double.port])));
  const email = 'me@example.com';
  const own = { clientId: 'client-1', email, scopes: driveScopes };
  const scopes = [`https://www.googleapis.com/auth/${rcloneScope}`];
  const foreign = { clientId: 'client of rclone', email, scopes };
  const token = accounts.accessToken(accounts.grant(foreign, 'secret of rclone')) ?? '';
  return {
    names,
    ours: {
      ...names.environment,
      CLOUDROLL_GDRIVE_REFRESH_TOKEN: accounts.grant(own, driveClientSecret),
      CLOUDROLL_GOOGLE_CLIENT_ID: own.clientId,
      CLOUDROLL_GOOGLE_CLIENT_SECRET: driveClientSecret,
    },
    url: (folder) => `gdrive:///${folder}?account=${email}`,
    rclone: remote(names, token, {
      ...{ TYPE: 'drive', SCOPE: rcloneScope, CLIENT_ID: foreign.clientId },
      CLIENT_SECRET: 'secret of rclone',
      // Its own 8 MiB are more than Google's guide allows in one request.
      UPLOAD_CUTOFF: '5M',
      // A pause that spares Google's quota has no place against a double.
      PACER_MIN_SLEEP: '1ms',
    }),
    hashName: 'md5',
    files: () => double.files(),
    stop: () => stopBoth(names, double),
  };
}

export async function dropboxByName(): Promise<CloudByName> {
  const double = await startDropbox();
  const { signIn, tree } = double.account;
  tree.moods.allocated = 2 ** 41;
  const names = await startTrueNames({
    'api.dropboxapi.com': double.ports.api,
    'content.dropboxapi.com': double.ports.content,
    'www.dropbox.com': double.ports.site,
  });
  return {
    names,
    ours: {
      ...names.environment,
      CLOUDROLL_DROPBOX_REFRESH_TOKEN: signIn.grant(),
      CLOUDROLL_DROPBOX_CLIENT_ID: dropboxApp.clientId,
    },
    url: (folder) => `dropbox:///${folder}`,
    rclone: remote(names, signIn.accessToken(signIn.grant()), {
      ...{ TYPE: 'dropbox', CLIENT_ID: dropboxApp.clientId },
    }),
    hashName: 'dropbox',
    files: () =>
      new Map(
        tree.files.map((path) => [path.slice(1), tree.bytesOf(path) ?? Buffer.alloc(0)] as const),
      ),
    stop: () => stopBoth(names, double),
  };
}

/** OneDrive, as rclone knows the drives of work and school: only for those does it take QuickXorHash. */
export async function oneDriveByName(): Promise<CloudByName> {
  const double = await startOneDrive();
  const { accounts, store } = double.graph;
  store.moods.refusesToken = false;
  const names = await startTrueNames(
    Object.fromEntries(Object.values(oneDriveHosts).map((host) => [host, double.port])),
  );
  return {
    names,
    ours: {
      ...names.environment,
      CLOUDROLL_ONEDRIVE_REFRESH_TOKEN: accounts.issueRefresh(),
      CLOUDROLL_ONEDRIVE_CLIENT_ID: oneDriveAccount.clientId,
    },
    url: (folder) => `onedrive:///${folder}?account=${oneDriveAccount.email}`,
    rclone: remote(names, accounts.issueAccess(), {
      ...{ TYPE: 'onedrive', DRIVE_ID: 'drive', DRIVE_TYPE: 'business' },
      CLIENT_ID: oneDriveAccount.clientId,
    }),
    hashName: 'quickxor',
    files: () => store.files(),
    stop: () => stopBoth(names, double),
  };
}

/** No configuration of the person's, and a token that never ends: rclone has nothing to write down. */
function remote(
  { environment }: TrueNames,
  accessToken: string,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  const token = {
    ...{ access_token: accessToken, token_type: 'Bearer', refresh_token: 'never asked for' },
    expiry: '2099-01-01T00:00:00Z',
  };
  const all = Object.entries({ ...options, TOKEN: JSON.stringify(token) });
  return {
    ...environment,
    RCLONE_CONFIG: '',
    ...Object.fromEntries(all.map(([name, value]) => [`RCLONE_CONFIG_CLOUD_${name}`, value])),
  };
}

async function stopBoth(
  names: TrueNames,
  double: { readonly close: () => Promise<void> },
): Promise<void> {
  await names.close();
  await double.close();
}
