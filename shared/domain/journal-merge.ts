import type { AssetDescription, ContentHash } from './asset.ts';
import type {
  AssetEntry,
  EvidenceMethod,
  JournalEntry,
  LocationEntry,
  ObjectEntry,
} from './journal-entry.ts';

/**
 * What all journals say together. Every part is a join (a set that only grows, or a register that keeps
 * its smallest or largest value), so entries may be merged in any order, in any parts and any number of
 * times with the same result.
 */
export interface JournalView {
  /** Grows only: nothing ever removes an asset. */
  readonly assets: Map<ContentHash, AssetRecord>;
  /** Per asset, each key that ever held its bytes. */
  readonly objects: Map<ContentHash, ObjectRecord[]>;
  /** Per device, folder id and path: the contents that were seen there. */
  readonly paths: Map<string, Map<string, Map<string, PathRecord>>>;
}

export interface AssetRecord {
  /** Size and name in the earliest entry. */
  bytes: number;
  name: string;
  firstAt: string;
  /** Description in the latest entry. */
  description: AssetDescription;
  describedAt: string;
}

export interface ObjectRecord {
  readonly hash: ContentHash;
  readonly key: string;
  /** Size, proof and version tag of the latest entry. */
  bytes: number;
  evidence: EvidenceMethod;
  tag: string | null;
  /** Earliest and latest entry for this key, `''` where only its retirement is known. */
  firstAt: string;
  lastAt: string;
  /** Latest retirement; `''` for none. */
  retiredAt: string;
}

export interface PathRecord {
  /** Latest moment at which the path was gone; `''` for never. */
  absentAt: string;
  /** One for each content that ever stood at this path. */
  readonly versions: LocationVersion[];
}

export interface LocationVersion {
  readonly hash: ContentHash;
  readonly rootName: string;
  readonly modifiedMs: number;
  readonly sidecarOf: ContentHash | null;
  /** Latest moment at which this content was at this path. */
  readonly at: string;
}

/** A view that knows nothing yet. */
export function emptyView(): JournalView {
  return { assets: new Map(), objects: new Map(), paths: new Map() };
}

/** Merges a device's entries into the view, in place. */
export function mergeEntries(
  view: JournalView,
  device: string,
  entries: Iterable<JournalEntry>,
): void {
  for (const entry of entries) {
    switch (entry.type) {
      case 'asset':
        mergeAsset(view, entry);
        break;
      case 'object':
        mergeObject(objectAt(view, entry.hash, entry.key), entry);
        break;
      case 'retired': {
        const object = objectAt(view, entry.hash, entry.key);
        if (entry.at > object.retiredAt) object.retiredAt = entry.at;
        break;
      }
      case 'location':
        mergeLocation(view, pathAt(view, device, entry.root, entry.path), entry);
        break;
      case 'absent': {
        const path = pathAt(view, device, entry.root, entry.path);
        if (entry.at > path.absentAt) path.absentAt = entry.at;
        break;
      }
    }
  }
}

/**
 * The keys that hold the asset, best first: the earliest object entry is the one that all devices keep.
 * A key that was retired and written again later is back.
 */
export function liveObjects(view: JournalView, hash: ContentHash): readonly ObjectRecord[] {
  return (view.objects.get(hash) ?? [])
    .filter((object) => object.lastAt > object.retiredAt)
    .sort((a, b) => compareText(a.firstAt, b.firstAt) || compareText(a.key, b.key));
}

/** What stands at a path now; null where its absence is the latest that is known. */
export function currentVersion(path: PathRecord): LocationVersion | null {
  let current: LocationVersion | null = null;
  for (const version of path.versions) {
    if (current === null || compareVersions(version, current) > 0) current = version;
  }
  return current !== null && current.at > path.absentAt ? current : null;
}

function mergeAsset(view: JournalView, entry: AssetEntry): void {
  const { hash, bytes, name, at, description } = entry;
  const asset = view.assets.get(hash);
  if (asset === undefined) {
    view.assets.set(hash, { bytes, name, firstAt: at, description, describedAt: at });
    return;
  }
  const earlier =
    compareText(entry.at, asset.firstAt) ||
    compareText(entry.name, asset.name) ||
    entry.bytes - asset.bytes;
  if (earlier < 0) {
    asset.firstAt = entry.at;
    asset.name = entry.name;
    asset.bytes = entry.bytes;
  }
  const later =
    compareText(entry.at, asset.describedAt) || compareJson(description, asset.description);
  if (later > 0) {
    asset.description = description;
    asset.describedAt = entry.at;
  }
}

function mergeObject(object: ObjectRecord, entry: ObjectEntry): void {
  if (object.firstAt === '' || entry.at < object.firstAt) object.firstAt = entry.at;
  const { bytes, evidence, tag } = entry;
  const later =
    compareText(entry.at, object.lastAt) ||
    compareJson([bytes, evidence, tag], [object.bytes, object.evidence, object.tag]);
  if (later > 0) Object.assign(object, { lastAt: entry.at, bytes, evidence, tag });
}

function mergeLocation(view: JournalView, path: PathRecord, entry: LocationEntry): void {
  const version: LocationVersion = {
    // One string for all places that name this content.
    hash: view.objects.get(entry.hash)?.[0]?.hash ?? entry.hash,
    rootName: entry.rootName,
    modifiedMs: entry.modifiedMs,
    sidecarOf: entry.sidecarOf ?? null,
    at: entry.at,
  };
  const index = path.versions.findIndex(({ hash }) => hash === version.hash);
  const known = path.versions[index];
  if (known === undefined) path.versions.push(version);
  else if (compareVersions(version, known) > 0) path.versions[index] = version;
}

function objectAt(view: JournalView, hash: ContentHash, key: string): ObjectRecord {
  let objects = view.objects.get(hash);
  if (objects === undefined) {
    objects = [];
    view.objects.set(hash, objects);
  }
  const known = objects.find((object) => object.key === key);
  if (known !== undefined) return known;
  const fresh: ObjectRecord = {
    hash: objects[0]?.hash ?? hash,
    key,
    bytes: -1,
    evidence: 'read-back',
    tag: null,
    firstAt: '',
    lastAt: '',
    retiredAt: '',
  };
  objects.push(fresh);
  return fresh;
}

function pathAt(view: JournalView, device: string, root: string, path: string): PathRecord {
  const roots = getOrAdd(view.paths, device, () => new Map<string, Map<string, PathRecord>>());
  const paths = getOrAdd(roots, root, () => new Map<string, PathRecord>());
  return getOrAdd(paths, path, () => ({ absentAt: '', versions: [] }));
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  map.set(key, fresh);
  return fresh;
}

/** Timestamps are unique, so the rest only decides between forged or cloned entries, always alike. */
function compareVersions(a: LocationVersion, b: LocationVersion): number {
  return compareText(a.at, b.at) || compareText(a.hash, b.hash) || compareJson(a, b);
}

function compareJson(a: unknown, b: unknown): number {
  return compareText(JSON.stringify(a), JSON.stringify(b));
}

/** By UTF-16 code units, the same on every computer. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
