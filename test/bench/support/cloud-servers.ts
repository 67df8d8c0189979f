import { spawnSync } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256OfStream } from '../../../electron/engine/hashing/sha256.ts';
import { driveClientSecret } from '../../support/destinations/open-google-drive.ts';
import { openDestination } from '../../support/destinations/open-destination.ts';
import type { CloudByName } from '../../support/doubles/by-true-names.ts';
import { GooglePhotosDouble, photosScopes } from '../../support/doubles/google-photos.ts';
import { startGoogleStorage } from '../../support/doubles/google-storage.ts';
import { immichSecrets, startImmich } from '../../support/doubles/immich.ts';
import {
  azureAccount,
  azureSecrets,
  freshContainer,
  signatureFor,
  startAzurite,
} from '../../support/services/azurite.ts';
import { startSshd } from '../../support/services/sshd.ts';
import {
  davPassword,
  davSecrets,
  davUser,
  type startApacheDav,
} from '../../support/services/webdav.ts';
import { isOwn } from './stored.ts';

/** An empty place on a server, as both sides are told of it. */
export interface Place {
  readonly url: string;
  /** Variables that Cloudroll gets. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What rclone copies to, and the variables that it gets for it; null where it has no way there. */
  readonly target: string | null;
  readonly rclone?: Readonly<Record<string, string>>;
  /** Set where it is no backup: Cloudroll works for it beside one only. */
  readonly publishOnly?: true;
  /** SHA-256 of every photo that it holds; without this it is read as any destination. */
  readonly held?: () => readonly string[];
}

export interface CloudServer {
  readonly freshPlace: () => Promise<Place>;
  readonly stop: () => Promise<void>;
}

/** SHA-256 of the bytes of every photo of a place. */
export async function photosAt(place: Place, signal: AbortSignal): Promise<readonly string[]> {
  if (place.held !== undefined) return place.held();
  const destination = await openDestination(place.url, place.secrets, { purpose: 'read' });
  try {
    const found: string[] = [];
    for await (const { key } of destination.list('', signal)) {
      if (isOwn(key)) continue;
      found.push((await sha256OfStream(destination.open(key, null, signal))).sha256);
    }
    return found;
  } finally {
    await destination.close();
  }
}

export async function webdav(start: typeof startApacheDav): Promise<CloudServer> {
  const server = await start();
  const address = `127.0.0.1:${String(server.port)}`;
  const obscured = spawnSync('rclone', ['obscure', davPassword], { encoding: 'utf8' });
  return {
    stop: () => server.stop(),
    freshPlace: () => {
      const path = randomUUID();
      return Promise.resolve({
        url: `webdav://${address}/${path}`,
        secrets: davSecrets,
        target: `bench:${path}`,
        rclone: {
          RCLONE_CONFIG_BENCH_TYPE: 'webdav',
          RCLONE_CONFIG_BENCH_URL: `http://${address}`,
          RCLONE_CONFIG_BENCH_VENDOR: 'other',
          RCLONE_CONFIG_BENCH_USER: davUser,
          RCLONE_CONFIG_BENCH_PASS: obscured.stdout.trim(),
        },
      });
    },
  };
}

export async function sftp(): Promise<CloudServer> {
  const server = await startSshd();
  return {
    stop: () => server.stop(),
    freshPlace: async () => {
      const path = join(server.root, randomUUID());
      await mkdir(path);
      return {
        url: `sftp://127.0.0.1:${String(server.port)}${path}?identity=${server.keyPath}`,
        secrets: { CLOUDROLL_USERNAME: server.user },
        target: `bench:${path}`,
        rclone: {
          RCLONE_CONFIG_BENCH_TYPE: 'sftp',
          RCLONE_CONFIG_BENCH_HOST: '127.0.0.1',
          RCLONE_CONFIG_BENCH_PORT: String(server.port),
          RCLONE_CONFIG_BENCH_USER: server.user,
          RCLONE_CONFIG_BENCH_KEY_FILE: server.keyPath,
          RCLONE_CONFIG_BENCH_SHELL_TYPE: 'none',
        },
      };
    },
  };
}

export async function azure(): Promise<CloudServer> {
  const server = await startAzurite();
  return {
    stop: () => server.stop(),
    freshPlace: async () => {
      const url = await freshContainer(server.port);
      const endpoint = `http://127.0.0.1:${String(server.port)}/${azureAccount}`;
      const path = /^azblob:\/\/[^/]+\/([^/?]+)/u.exec(url)?.[1] ?? '';
      const signature = signatureFor(path, 'rcwdl', Date.now() + 3_600_000);
      return {
        url,
        secrets: azureSecrets,
        target: `bench:${path}`,
        rclone: {
          RCLONE_CONFIG_BENCH_TYPE: 'azureblob',
          // The only way in which it takes an address without TLS.
          RCLONE_CONFIG_BENCH_SAS_URL: `${endpoint}/${path}?${signature}`,
        },
      };
    },
  };
}

export async function googleStorage(): Promise<CloudServer> {
  const server = await startGoogleStorage();
  return {
    stop: () => server.close(),
    freshPlace: () => {
      const path = server.makeBucket();
      return Promise.resolve({
        url: `gs://${path}?endpoint=${server.address}`,
        secrets: { GOOGLE_SERVICE_ACCOUNT_KEY: server.key },
        target: `bench:${path}`,
        rclone: {
          RCLONE_CONFIG_BENCH_TYPE: 'google cloud storage',
          RCLONE_CONFIG_BENCH_SERVICE_ACCOUNT_CREDENTIALS: server.key,
          RCLONE_CONFIG_BENCH_ENDPOINT: `${server.address}/storage/v1/`,
          RCLONE_CONFIG_BENCH_BUCKET_POLICY_ONLY: 'true',
        },
      });
    },
  };
}

/** A double by the provider's own names: another one for each place, or both sides' photos would fill the memory. */
export async function byName(start: () => Promise<CloudByName>): Promise<CloudServer> {
  let cloud = await start();
  let used = false;
  const folder = 'Photos';
  return {
    stop: () => cloud.stop(),
    freshPlace: async () => {
      if (used) {
        await cloud.stop();
        cloud = await start();
      }
      used = true;
      const { ours, rclone, files, url } = cloud;
      return {
        url: url(folder),
        secrets: ours,
        target: `cloud:${folder}`,
        rclone,
        held: () =>
          [...files()].flatMap(([path, bytes]) => (isOwn(path) ? [] : [hash('sha256', bytes)])),
      };
    },
  };
}

export async function immich(): Promise<CloudServer> {
  const server = await startImmich(3);
  return {
    stop: () => server.close(),
    freshPlace: () =>
      Promise.resolve({
        url: `immich://127.0.0.1:${String(server.port)}`,
        secrets: immichSecrets,
        target: null,
      }),
  };
}

export async function googlePhotos(): Promise<CloudServer> {
  const double = await GooglePhotosDouble.start();
  const address = `http://127.0.0.1:${String(double.port)}`;
  const grant = { clientId: 'client-1', email: 'me@example.com', scopes: photosScopes };
  return {
    stop: () => double.close(),
    freshPlace: () =>
      Promise.resolve({
        url: 'gphotos:///Cloudroll',
        secrets: {
          CLOUDROLL_GPHOTOS_REFRESH_TOKEN: double.accounts.grant(grant, driveClientSecret),
          CLOUDROLL_GOOGLE_CLIENT_ID: grant.clientId,
          CLOUDROLL_GOOGLE_CLIENT_SECRET: driveClientSecret,
          CLOUDROLL_ENDPOINT_GPHOTOS: address,
          CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: address,
        },
        target: null,
        publishOnly: true,
        held: () => double.items.map(({ sha256 }) => sha256),
      }),
  };
}
