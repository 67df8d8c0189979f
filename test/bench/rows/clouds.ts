import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { openDestination } from '../../support/destinations/open-destination.ts';
import {
  azureAccount,
  azureSecrets,
  freshContainer,
  signatureFor,
  startAzurite,
} from '../../support/services/azurite.ts';
import { startGoogleStorage } from '../../support/doubles/google-storage.ts';
import { startSshd } from '../../support/services/sshd.ts';
import {
  davPassword,
  davSecrets,
  davUser,
  startApacheDav,
  startRcloneDav,
} from '../../support/services/webdav.ts';
import { sha256OfStream } from '../../../electron/engine/hashing/sha256.ts';
import type { InputFolder } from '../inputs/manifest.ts';
import { count, withFolder, type Bench } from '../support/bench.ts';
import { cloudroll, requireSummary } from '../support/cloudroll.ts';
import { measure, type Measured } from '../support/measure.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { present, rowOf, timesPeer, type Goal, type Row } from '../support/row.ts';
import { isOwn, requireSame } from '../support/stored.ts';
import type { Group } from './group.ts';

const transfers = 8;

/** An empty place on a server, as both sides are told of it. */
interface Place {
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** rclone's remote `bench:`, and the path in it. */
  readonly rclone: Readonly<Record<string, string>>;
  readonly path: string;
}

interface CloudServer {
  readonly freshPlace: () => Promise<Place>;
  readonly stop: () => Promise<void>;
}

interface Cloud {
  readonly id: string;
  readonly title: string;
  readonly start: () => Promise<CloudServer>;
  readonly goal?: Goal;
}

const clouds: readonly Cloud[] = [
  {
    id: 'webdav-rclone',
    title: 'WebDAV (rclone serve)',
    start: () => webdav(startRcloneDav),
    goal: timesPeer('atLeast', 3),
  },
  { id: 'webdav-apache', title: 'WebDAV (Apache)', start: () => webdav(startApacheDav) },
  { id: 'sftp', title: 'SFTP (OpenSSH)', start: sftp },
  { id: 'azblob', title: 'Azure Blob (Azurite)', start: azure },
  { id: 'gs', title: 'Google Cloud Storage (double)', start: googleStorage },
];

/** The first sync of photos to servers on this machine, against rclone with as many transfers at once. */
export const cloudsGroup: Group = {
  name: 'clouds',
  measure: async (bench) => {
    const rows: Row[] = [];
    for (const cloud of clouds) rows.push(...(await measureCloud(bench, cloud)));
    return rows;
  },
};

async function measureCloud(bench: Bench, cloud: Cloud): Promise<Row[]> {
  const library = await bench.inputs.library();
  const server = await cloud.start();
  try {
    const sides: Contestant<'ours' | 'rclone'>[] = [['ours', () => ours(bench, server, library)]];
    if (bench.peers.has('rclone')) sides.push(['rclone', () => theirs(bench, server, library)]);
    const medians = await inTurn(1, sides, bench.signal);
    const what = `First sync of ${count(library.files.length, 'photos')} to ${cloud.title}, ${String(transfers)} at once`;
    const peer = `rclone copy --transfers ${String(transfers)}`;
    const rate = (measured: Measured | undefined): number | undefined =>
      measured === undefined ? undefined : library.bytes / 1e6 / measured.seconds;
    const [our, their] = [medians.get('ours'), medians.get('rclone')];
    return present([
      rowOf({
        ...{ id: `${cloud.id}-rate`, what, unit: 'MB/s', ours: rate(our) },
        peer: { name: peer, value: rate(their) },
        ...(cloud.goal === undefined ? {} : { goal: cloud.goal }),
      }),
      rowOf({
        ...{ id: `${cloud.id}-cpu`, what: `${what}: processor time`, unit: 's' },
        ours: our?.cpuSeconds,
        peer: { name: peer, value: their?.cpuSeconds },
      }),
    ]);
  } finally {
    await server.stop();
  }
}

async function ours(bench: Bench, server: CloudServer, library: InputFolder): Promise<Measured> {
  const place = await server.freshPlace();
  return withFolder(bench, async (folder) => {
    const args = ['sync', library.path, '--to', place.url, '--data', join(folder, 'data')];
    const more = ['--json', '--no-previews', '--transfers', String(transfers)];
    const measured = await measure(cloudroll([...args, ...more], place.secrets), bench.signal);
    requireSummary(measured, { uploaded: library.files.length });
    await requireThere(place, library, bench.signal);
    return measured;
  });
}

async function theirs(bench: Bench, server: CloudServer, library: InputFolder): Promise<Measured> {
  const place = await server.freshPlace();
  const atOnce = String(transfers);
  const options = ['--transfers', atOnce, '--checkers', atOnce];
  const measured = await measure(
    {
      program: 'rclone',
      args: ['copy', ...options, library.path, `bench:${place.path}`],
      environment: { RCLONE_CONFIG: '', AWS_CA_BUNDLE: undefined, ...place.rclone },
    },
    bench.signal,
  );
  await requireThere(place, library, bench.signal);
  return measured;
}

/** @throws unless the server gives back the bytes of every file of the input, each once */
async function requireThere(
  place: Place,
  library: InputFolder,
  signal: AbortSignal,
): Promise<void> {
  const destination = await openDestination(place.url, place.secrets, { purpose: 'read' });
  try {
    const found: string[] = [];
    for await (const { key } of destination.list('', signal)) {
      if (isOwn(key)) continue;
      found.push((await sha256OfStream(destination.open(key, null, signal))).sha256);
    }
    requireSame(
      found,
      library.files.map(({ sha256 }) => sha256),
    );
  } finally {
    await destination.close();
  }
}

async function webdav(start: typeof startApacheDav): Promise<CloudServer> {
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
        path,
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

async function sftp(): Promise<CloudServer> {
  const server = await startSshd();
  return {
    stop: () => server.stop(),
    freshPlace: async () => {
      const path = join(server.root, randomUUID());
      await mkdir(path);
      return {
        url: `sftp://127.0.0.1:${String(server.port)}${path}?identity=${server.keyPath}`,
        secrets: { CLOUDROLL_USERNAME: server.user },
        path,
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

async function azure(): Promise<CloudServer> {
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
        path,
        rclone: {
          RCLONE_CONFIG_BENCH_TYPE: 'azureblob',
          // The only way in which it takes an address without TLS.
          RCLONE_CONFIG_BENCH_SAS_URL: `${endpoint}/${path}?${signature}`,
        },
      };
    },
  };
}

async function googleStorage(): Promise<CloudServer> {
  const server = await startGoogleStorage();
  return {
    stop: () => server.close(),
    freshPlace: () => {
      const path = server.makeBucket();
      return Promise.resolve({
        url: `gs://${path}?endpoint=${server.address}`,
        secrets: { GOOGLE_SERVICE_ACCOUNT_KEY: server.key },
        path,
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
