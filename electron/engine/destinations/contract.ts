import type { CaptureTime, ContentHash } from '../../../shared/domain/asset.ts';
import type { EvidenceMethod } from '../../../shared/domain/journal-entry.ts';

/** Everything the app itself keeps at a destination stands below this folder. */
export const systemFolder = '.cloudroll/';

/** The object that says that this place is a destination, and which one (`build/docs/destination-format.md`). */
export const markerKey = '.cloudroll/destination.json';

export type HashAlgorithm = 'sha256' | 'md5' | 'sha1' | 'crc32c';

/** What a destination says of an object it holds. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes stored. */
  readonly bytes: number;
  /** Milliseconds since 1970; null where the destination does not say. */
  readonly modifiedMs: number | null;
  /**
   * Hashes, lower-case hexadecimal, that the destination itself computed from the bytes it stores.
   * A value that the client sent and the server merely keeps has no place here.
   */
  readonly hashes: Readonly<Partial<Record<HashAlgorithm, string>>>;
  /**
   * Opaque version of the stored bytes (an ETag, a generation …): it changes whenever they do. Never
   * taken for a hash. Null where the destination has none.
   */
  readonly tag: string | null;
}

/**
 * What a finished upload brings back. A place that names what it keeps by itself (a photo library) gives the key
 * under which the object stands from now on, which then is another than was asked for.
 */
export interface PutResult extends ObjectInfo {
  /**
   * How this very upload was proven to have stored bytes with the source's SHA-256; null where the
   * destination has no proof of its own and the caller must read the bytes back.
   */
  readonly evidence: EvidenceMethod | null;
  /**
   * The place held this content before, under the key given: nothing was sent, and what stands there may
   * belong to the person. Only where objects are found by their content.
   */
  readonly existed?: boolean;
}

/** What a destination can do, as data. */
export interface Capabilities {
  /** `atomic`: the server refuses a second create; `checked`: looked up just before, a race is possible. */
  readonly createOnly: 'atomic' | 'checked';
  /** Whether an upload that broke off goes on where it stopped, also after a restart. */
  readonly resumable: boolean;
  /** Hashes that `put` or `stat` bring back; without `sha256` evidence means reading the bytes back. */
  readonly serverHash: readonly HashAlgorithm[];
  readonly list: boolean;
  readonly remove: boolean;
  /** Largest object, bytes. */
  readonly maxBytes: number;
  /** Transfers at once: where to start, and the most that makes sense. */
  readonly concurrency: { readonly initial: number; readonly max: number };
}

/** Bytes to upload; opened anew for each attempt. */
export interface ReopenableSource {
  /** Bytes that will come; more or fewer is a `changed` failure and nothing may stay behind. */
  readonly bytes: number;
  readonly sha256: ContentHash;
  readonly mime: string;
  readonly modifiedMs: number;
  /** A local file with these bytes, for destinations that can have the kernel copy it. */
  readonly localPath?: string;
  /** Bytes from `start` to the end. */
  open(start: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Reads from `start` until `target` is full or the bytes end, and gives how many came. For who wants them in a
   * place of its own, which may be used again and again; where it is absent they come by {@link open} alone.
   * After an abort `target` may still be written to.
   */
  readInto?(target: Uint8Array, start: number, signal: AbortSignal): Promise<number>;
}

/** Where a destination keeps what it needs to go on with an upload after a restart: an opaque string, never a secret. */
export interface ResumeStore {
  load(): string | undefined;
  save(token: string | undefined): void;
}

/** What is known of a photo or video, for places that show it to people. */
export interface PhotoFacts {
  /** File name for people. */
  readonly name: string;
  readonly captured: CaptureTime;
  /** Null where it is no half of a Live Photo. */
  readonly livePhoto: LivePhotoHalf | null;
}

/** One half of a Live Photo. */
export interface LivePhotoHalf {
  /** Equal on both halves. */
  readonly identifier: string;
  readonly half: 'still' | 'motion';
  /** Keys under which the other half is recorded at the same destination. */
  readonly otherKeys: readonly string[];
}

export interface PutOptions {
  readonly resume?: ResumeStore;
  /** Bytes of this object that the destination has taken so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Absent for what is no photo or video. Looked up only where it is asked for. */
  readonly photo?: () => PhotoFacts;
}

/** Space of an account, bytes, all uses of it together. */
export interface Quota {
  readonly usedBytes: number;
  /** Null where there is no limit, or none is told. */
  readonly totalBytes: number | null;
}

/** An upload that was begun and is not finished, of this or another device. */
export interface UnfinishedUpload {
  readonly key: string;
  /** When it was begun or last gone on with, by the destination's clock, milliseconds since 1970. */
  readonly activeMs: number;
}

/** Half-open range of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/**
 * A place that keeps objects under keys. A key is a relative path of `/`-separated portable names
 * (see `shared/domain/object-key.ts`).
 *
 * Every method rejects with a `CloudrollError` and nothing else; an aborted signal rejects with
 * `cancelled` within a second and leaves no partial object visible under its key.
 */
export interface Destination {
  readonly capabilities: Capabilities;
  /** Reaches the destination, signs in, and learns its quirks; writes nothing that stays. */
  check(signal: AbortSignal): Promise<void>;
  /** Null where there is no object of that key. */
  stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null>;
  /**
   * Creates an object; one that exists is a `conflict`, never overwritten. It becomes visible whole or
   * not at all; when this resolves it is durable. A source that is short, long, changed or fails, or bytes
   * that arrive with another hash, reject (`changed`, `corrupt`, …) and leave nothing behind.
   */
  put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult>;
  /** The bytes; `notFound` where there is no such object. */
  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** SHA-256 of the bytes as stored, by the cheapest true way; absent: the caller reads `open`. */
  readBack?(key: string, signal: AbortSignal): Promise<{ sha256: ContentHash; bytes: number }>;
  /** Every object whose key starts with `prefix` (a folder ending in `/`, or empty), in no particular order. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo>;
  /** How full the storage is; absent or null where the destination cannot tell. */
  quota?(signal: AbortSignal): Promise<Quota | null>;
  /**
   * Ends unfinished uploads of which `isAbandoned` says so, whoever began them; gives how many. Absent where there
   * is no list of them.
   */
  endUploads?(
    isAbandoned: (upload: UnfinishedUpload) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<number>;
  /** Removes an object; one that is not there is fine. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
