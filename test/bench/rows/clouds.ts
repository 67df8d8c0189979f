import { join } from 'node:path';

import {
  dropboxByName,
  googleDriveByName,
  oneDriveByName,
} from '../../support/doubles/by-true-names.ts';
import { startApacheDav, startRcloneDav } from '../../support/services/webdav.ts';
import type { InputFolder } from '../inputs/manifest.ts';
import { count, withFolder, type Bench } from '../support/bench.ts';
import {
  azure,
  byName,
  googlePhotos,
  googleStorage,
  immich,
  photosAt,
  sftp,
  webdav,
  type CloudServer,
  type Place,
} from '../support/cloud-servers.ts';
import { cloudroll, requireSummary } from '../support/cloudroll.ts';
import { measure, type Measured } from '../support/measure.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { present, rowOf, timesPeer, type Goal, type Row } from '../support/row.ts';
import { requireSame } from '../support/stored.ts';
import type { Group } from './group.ts';

const transfers = 8;

interface Cloud {
  readonly id: string;
  readonly title: string;
  readonly start: () => Promise<CloudServer>;
  readonly goal?: Goal;
  /** Why rclone cannot be held against it. */
  readonly noPeer?: string;
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
  { id: 'gdrive', title: 'Google Drive (double, TLS)', start: () => byName(googleDriveByName) },
  { id: 'dropbox', title: 'Dropbox (double, TLS)', start: () => byName(dropboxByName) },
  { id: 'onedrive', title: 'OneDrive (double, TLS)', start: () => byName(oneDriveByName) },
  {
    id: 'immich',
    title: 'Immich (double)',
    start: immich,
    noPeer: 'rclone has no backend for it',
  },
  {
    id: 'gphotos',
    title: 'a folder, and to Google Photos (double)',
    start: googlePhotos,
    noPeer: 'rclone sends uploads without the type that the guide asks for',
  },
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
    if (bench.peers.has('rclone') && cloud.noPeer === undefined) {
      sides.push(['rclone', () => theirs(bench, server, library)]);
    }
    const medians = await inTurn(1, sides, bench.signal);
    const what = `First sync of ${count(library.files.length, 'photos')} to ${cloud.title}, ${String(transfers)} at once`;
    const peer = cloud.noPeer ?? `rclone copy --transfers ${String(transfers)}`;
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
    const backup = place.publishOnly === true ? ['--to', `file://${join(folder, 'backup')}`] : [];
    const to = ['--to', place.url, ...backup];
    const args = ['sync', library.path, ...to, '--data', join(folder, 'data')];
    const more = ['--json', '--no-previews', '--transfers', String(transfers)];
    const measured = await measure(cloudroll([...args, ...more], place.secrets), bench.signal);
    requireSummary(measured, { uploaded: library.files.length });
    await requireThere(place, library, bench.signal);
    return measured;
  });
}

async function theirs(bench: Bench, server: CloudServer, library: InputFolder): Promise<Measured> {
  const place = await server.freshPlace();
  if (place.target === null) throw new Error('rclone has no way there');
  const atOnce = String(transfers);
  const options = ['--transfers', atOnce, '--checkers', atOnce];
  const measured = await measure(
    {
      program: 'rclone',
      args: ['copy', ...options, library.path, place.target],
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
  requireSame(
    await photosAt(place, signal),
    library.files.map(({ sha256 }) => sha256),
  );
}
