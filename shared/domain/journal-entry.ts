import type { AssetDescription, ContentHash } from './asset.ts';

/**
 * The facts that devices exchange through `.cloudroll/journal/` at a destination
 * (`build/docs/destination-format.md`). Entries are only ever added; a later one wins by `at`.
 */
interface Dated {
  /** Hybrid logical clock, see `hybrid-clock.ts`: sorts as text, unique per device. */
  readonly at: string;
}

/** An asset exists and is described so. */
export interface AssetEntry extends Dated {
  readonly type: 'asset';
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly description: AssetDescription;
  /** Name of the first file seen with this content: what its key at every destination is made from. */
  readonly name: string;
}

/** The asset's bytes are durable under this key at the destination that holds this journal, proven. */
export interface ObjectEntry extends Dated {
  readonly type: 'object';
  readonly hash: ContentHash;
  readonly key: string;
  readonly bytes: number;
  readonly evidence: EvidenceMethod;
  /** The destination's opaque version of the bytes when they were proven; null where it has none. */
  readonly tag: string | null;
}

/** This device has, or had, the content at this path below one of its folders. */
export interface LocationEntry extends Dated {
  readonly type: 'location';
  readonly hash: ContentHash;
  /** Stable id of the folder on this device. */
  readonly root: string;
  /** The folder's own name, e.g. `Pictures`. */
  readonly rootName: string;
  /** `/`-separated path below the folder, exactly as on disk (raw-path encoding). */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** For a sidecar: the asset it describes, where one is known. */
  readonly sidecarOf?: ContentHash;
}

/** The path is no longer there on this device: hides the location, deletes nothing. */
export interface AbsentEntry extends Dated {
  readonly type: 'absent';
  readonly root: string;
  readonly path: string;
}

/** The object was removed because the same content stands, proven, under `inFavourOf`. */
export interface RetiredEntry extends Dated {
  readonly type: 'retired';
  readonly hash: ContentHash;
  readonly key: string;
  readonly inFavourOf: string;
}

export type JournalEntry = AssetEntry | ObjectEntry | LocationEntry | AbsentEntry | RetiredEntry;

/**
 * How "backed up" was proven. `server-…`: the destination computed that hash from the bytes it stores.
 * `read-back`: the stored bytes were read and hashed. `unchanged`: another device of the same person proved
 * them, and the destination says (by its version tag) that they have not changed since.
 */
export const evidenceMethods = ['server-sha256', 'server-md5', 'read-back', 'unchanged'] as const;
export type EvidenceMethod = (typeof evidenceMethods)[number];

/** One immutable object of the journal. */
export interface JournalSegment {
  readonly device: string;
  /** The device's name for people, e.g. its host name. */
  readonly deviceName: string;
  /** Counts from 1 without gaps. */
  readonly sequence: number;
  /** SHA-256 of the predecessor's bytes; null for the first. */
  readonly previous: string | null;
  readonly entries: readonly JournalEntry[];
}
