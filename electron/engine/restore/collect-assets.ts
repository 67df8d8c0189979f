import { fail } from '../../../shared/domain/failure.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { ContentHash } from '../../../shared/domain/asset.ts';
import {
  currentVersion,
  emptyView,
  liveObjects,
  mergeEntries,
} from '../../../shared/domain/journal-merge.ts';
import type { JournalView } from '../../../shared/domain/journal-merge.ts';
import { isAssetKey } from '../../../shared/domain/object-key.ts';
import { systemFolder } from '../destinations/contract.ts';
import type { Destination } from '../destinations/contract.ts';
import { readNewSegments } from '../journal/read-segments.ts';
import type { RestorableAsset, RestorableLocation } from './plan-restore.ts';

export interface CollectEvents {
  /** A segment has been read. */
  segment(device: string, sequence: number): void;
  /** A journal could not be read to its end. */
  problem(failure: Failure): void;
}

/** What is to be had from a destination. */
export interface Collected {
  /** Can be gone through again and again. */
  readonly assets: readonly RestorableAsset[];
  readonly bytes: number;
}

/**
 * Everything that a destination holds, from its journals and its listing alone. An object that no journal
 * names is one more key of the asset it seems to be, or else an asset of its own whose hash is the part
 * that its key tells.
 *
 * @throws CloudrollError `unsupported` for a destination that cannot list.
 */
export async function collectAssets(
  destination: Destination,
  events: CollectEvents,
  signal: AbortSignal,
): Promise<Collected> {
  if (!destination.capabilities.list) {
    throw fail(
      'unsupported',
      'This destination cannot list what it holds, so it cannot be restored.',
      {
        hint: 'Download the photos with the service’s own program.',
      },
    );
  }
  const view = emptyView();
  const deviceNames = new Map<string, string>();
  for await (const reading of readNewSegments(destination, new Map(), signal)) {
    if (reading.kind === 'problem') {
      events.problem(reading.failure);
      continue;
    }
    deviceNames.set(reading.device, reading.segment.deviceName);
    // Descriptions are of no use here; without them a million assets fit into memory with ease.
    const entries = reading.segment.entries.filter(({ type }) => type !== 'asset');
    mergeEntries(view, reading.device, entries);
    events.segment(reading.device, reading.sequence);
  }
  const unnamed = await listUnnamed(destination, view, signal);
  const assets = assetsOf(view, locationsByHash(view, deviceNames), unnamed);
  for (const group of unnamed.values()) assets.push(...orphans(group));
  return { assets, bytes: assets.reduce((sum, asset) => sum + asset.bytes, 0) };
}

/** An object under an asset's key that no journal names, or that was retired and is still there. */
interface Unnamed {
  readonly key: string;
  readonly bytes: number;
  readonly hashPrefix: string;
}

const shortPrefix = 12;

/** By the first 12 digits of the hash in the key. */
async function listUnnamed(
  destination: Destination,
  view: JournalView,
  signal: AbortSignal,
): Promise<Map<string, Unnamed[]>> {
  const named = new Set<string>();
  for (const hash of view.objects.keys()) {
    for (const { key } of liveObjects(view, hash)) named.add(key);
  }
  const unnamed = new Map<string, Unnamed[]>();
  for await (const { key, bytes } of destination.list('', signal)) {
    if (key.startsWith(systemFolder) || named.has(key)) continue;
    const hashPrefix = isAssetKey(key)?.hashPrefix;
    if (hashPrefix === undefined) continue;
    const short = hashPrefix.slice(0, shortPrefix);
    const group = unnamed.get(short) ?? [];
    group.push({ key, bytes, hashPrefix });
    unnamed.set(short, group);
  }
  return unnamed;
}

function locationsByHash(
  view: JournalView,
  deviceNames: ReadonlyMap<string, string>,
): Map<ContentHash, RestorableLocation[]> {
  const byHash = new Map<ContentHash, RestorableLocation[]>();
  const names = new Map<string, string>();
  for (const [device, roots] of view.paths) {
    const deviceName = deviceNames.get(device) ?? device;
    for (const [root, paths] of roots) {
      for (const [path, record] of paths) {
        const current = currentVersion(record);
        for (const version of record.versions) {
          const { modifiedMs, at } = version;
          // One string for all locations of a folder.
          const rootName = names.get(version.rootName) ?? version.rootName;
          names.set(rootName, rootName);
          const present = version === current;
          const locations = byHash.get(version.hash);
          const location = { device, deviceName, root, rootName, path, modifiedMs, present, at };
          if (locations === undefined) byHash.set(version.hash, [location]);
          else locations.push(location);
        }
      }
    }
  }
  return byHash;
}

/** The assets that journals name; takes out of `unnamed` what turns out to be one of theirs. */
function assetsOf(
  view: JournalView,
  locations: ReadonlyMap<ContentHash, readonly RestorableLocation[]>,
  unnamed: Map<string, Unnamed[]>,
): RestorableAsset[] {
  const assets: RestorableAsset[] = [];
  const add = (hash: ContentHash) => {
    const objects = liveObjects(view, hash);
    const group = unnamed.get(hash.slice(0, shortPrefix)) ?? [];
    const bytes = objects[0]?.bytes ?? group[0]?.bytes;
    const own = group.filter(
      (object) => object.bytes === bytes && hash.startsWith(object.hashPrefix),
    );
    if (own.length > 0) {
      const others = group.filter((object) => !own.includes(object));
      unnamed.set(hash.slice(0, shortPrefix), others);
    }
    const keys = [...objects, ...own].map(({ key }) => key);
    if (bytes === undefined || keys.length === 0) return;
    assets.push({ hash, bytes, keys, locations: locations.get(hash) ?? [] });
  };
  for (const hash of view.objects.keys()) add(hash);
  for (const hash of locations.keys()) if (!view.objects.has(hash)) add(hash);
  return assets;
}

/** Objects of one hash prefix and size are one content under several names. */
function orphans(group: readonly Unnamed[]): RestorableAsset[] {
  const bySize = Map.groupBy(group, ({ bytes }) => bytes);
  return Array.from(bySize, ([bytes, objects]) => ({
    // The shortest prefix: every one of the keys can be checked against it.
    hash:
      objects.map(({ hashPrefix }) => hashPrefix).toSorted((a, b) => a.length - b.length)[0] ?? '',
    bytes,
    keys: objects.map(({ key }) => key).toSorted(),
    locations: [],
  }));
}
