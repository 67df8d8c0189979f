import { isSystemKey, sha256Of } from './destination-view.ts';
import type { DestinationView } from './destination-view.ts';
import { readFakePhoto, typeByName } from './fake-photo.ts';
import type { RunFigures, RunSummary } from './engine-session.ts';
import { InvariantViolation } from './invariants.ts';
import { namedKeys, restoreAll } from './journal-reader.ts';
import { driveMountPoint } from './simulated-device.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/** A file that must be backed up once the world is calm. */
interface ExpectedFile {
  readonly path: string;
  readonly hash: string;
}

/** Every readable photo, video and sidecar in a device's folders. */
function expectedFiles(device: SimulatedDevice): ExpectedFile[] {
  const expected: ExpectedFile[] = [];
  for (const volume of device.ownVolumes) {
    const prefix = volume === device.drive ? driveMountPoint : '';
    for (const { path, node } of volume.files()) {
      const full = `${prefix}/${path.join('/')}`;
      if (!device.roots.some((root) => full.startsWith(`${root}/`))) continue;
      if (readFakePhoto(node.data) === null && typeByName(full) === null) continue;
      expected.push({ path: full, hash: sha256Of(node.data) });
    }
  }
  return expected;
}

/** Every stable readable photo is backed up everywhere: nothing stands in its way any more. */
export function checkAllBackedUp(
  device: SimulatedDevice,
  views: ReadonlyMap<string, DestinationView>,
): void {
  const deliveries = device.catalogue.view.deliveries;
  const files = new Map(device.catalogue.view.files.map((file) => [file.path, file]));
  for (const { path, hash } of expectedFiles(device)) {
    for (const url of views.keys()) {
      const delivery = deliveries.find((other) => other.url === url && other.hash === hash);
      if (delivery?.state === 'verified') continue;
      const file = files.get(path);
      const state = delivery === undefined ? 'not queued' : delivery.state;
      const why = delivery?.failure ?? file?.failure ?? 'no reason is given';
      throw new InvariantViolation(
        'all-backed-up',
        `${device.name} has ${path} (${hash.slice(0, 12)}), at ${url} it is ${state}; the file is ${file === undefined ? 'unknown to the catalogue' : `${file.state} with ${file.hash?.slice(0, 12) ?? 'no content'}`}: ${why}`,
      );
    }
  }
}

/** What the catalogue says of files on disk is true: the same paths, the same contents. */
export function checkFilesKnown(device: SimulatedDevice): void {
  const expected = new Map(expectedFiles(device).map(({ path, hash }) => [path, hash]));
  for (const { root, path, state, hash } of device.catalogue.view.files) {
    // A catalogue that came from another computer also knows folders that this one does not back up.
    if (state === 'absent' || !device.roots.includes(root)) continue;
    if (expected.get(path) === hash) continue;
    throw new InvariantViolation(
      'catalogue-is-true',
      `${device.name} believes that ${path} is ${state} with ${hash?.slice(0, 12) ?? 'no content'}; it holds ${expected.get(path)?.slice(0, 12) ?? 'nothing'}.`,
    );
  }
}

/**
 * Exactly one object for each distinct content, and no other object. Where a catalogue was lost between an
 * upload and its journal entry, an object that no journal names may stay; it is not counted then.
 */
export function checkNoDuplicates(
  devices: readonly SimulatedDevice[],
  views: ReadonlyMap<string, DestinationView>,
  contents: ReadonlySet<string>,
): void {
  const lossless = devices.every((device) => device.catalogueChanges === 0);
  for (const [url, view] of views) {
    const named = namedKeys(view);
    const keys = new Map<string, string>();
    for (const [key, bytes] of view.objects()) {
      if (isSystemKey(key) || !(lossless || named.has(key))) continue;
      const hash = sha256Of(bytes);
      if (!contents.has(hash)) {
        if (view.wasSpoiled(key) || (bytes.length === 0 && isReserved(key, contents))) continue;
        throw new InvariantViolation('no-strangers', `${url} shows ${key}, which is no photo.`);
      }
      const other = keys.get(hash);
      if (other !== undefined) {
        throw new InvariantViolation(
          'one-object',
          `${url} holds one content as ${other} and ${key}.`,
        );
      }
      keys.set(hash, key);
    }
  }
}

/**
 * Whether a name was made for one of the contents. Where there are no hard links it is reserved by an empty file,
 * which a device that lost its power leaves behind. No other device may remove that: whoever has the same photo
 * may be filling it in this moment.
 */
function isReserved(key: string, contents: ReadonlySet<string>): boolean {
  const prefix = /-([0-9a-f]{12,64})\.[^./]*$/u.exec(key)?.[1];
  return prefix !== undefined && [...contents].some((hash) => hash.startsWith(prefix));
}

/** A short independent script that reads nothing but the destination gets every backed-up content. */
export function checkRestorable(
  devices: readonly SimulatedDevice[],
  views: ReadonlyMap<string, DestinationView>,
): void {
  for (const [url, view] of views) {
    const restored = restoreAll(view);
    for (const device of devices) {
      for (const delivery of device.catalogue.view.deliveries) {
        if (delivery.state !== 'verified' || delivery.url !== url || restored.has(delivery.hash))
          continue;
        throw new InvariantViolation(
          'restorable',
          `${delivery.hash.slice(0, 12)} is backed up at ${url} by ${device.name}, and no journal there leads to it.`,
        );
      }
    }
  }
}

/** The counters of a run add up, in total and for each destination. */
export function checkFigures(name: string, summary: RunSummary): void {
  const wrong = (what: string): InvariantViolation =>
    new InvariantViolation('counters', `${name}: ${what} in ${JSON.stringify(summary)}`);
  if (summary.found !== summary.photos + summary.duplicates + summary.skipped) {
    throw wrong('found is not photos + duplicates + skipped');
  }
  const parts: readonly RunFigures[] = [summary, ...summary.destinations];
  for (const { photos, uploaded, alreadyBackedUp, failed } of parts) {
    if (photos !== uploaded + alreadyBackedUp + failed) {
      throw wrong('photos is not uploaded + alreadyBackedUp + failed');
    }
    if (photos !== summary.photos) throw wrong('a destination counts other photos');
    if (Math.min(uploaded, alreadyBackedUp, failed) < 0) throw wrong('a figure is negative');
  }
}

/** The parts of a catalogue that a rebuild must bring back, as text to compare. */
export function essenceOf(device: SimulatedDevice): string {
  const expected = new Set(expectedFiles(device).map(({ hash }) => hash));
  const deliveries = device.catalogue.view.deliveries
    .filter(({ hash, state }) => state === 'verified' && expected.has(hash))
    .map(({ url, hash, key }) => `${url} ${hash} ${key ?? ''}`);
  const files = device.catalogue.view.files
    .filter(({ root, state }) => state !== 'absent' && device.roots.includes(root))
    .map(({ path, state, hash }) => `${path} ${state} ${hash ?? ''}`);
  return [...deliveries, ...files].toSorted().join('\n');
}
