import type { ContentHash, MediaType } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';

/** What one read of a file gives. */
export interface Inspection {
  readonly sha256: ContentHash;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Null where neither the bytes nor the name tell a photo, video or sidecar. */
  readonly type: MediaType | null;
  readonly tags: MetadataTags;
  /** Why metadata is missing, when a parser failed or ran out of time; the photo is backed up all the same. */
  readonly metadataFailure: Failure | null;
}

/** Reads files off the main thread, each once, within limits of time and size. */
export interface MediaReader {
  /** Hash, type and metadata in one read. Never hangs: a parser that does is killed and reported. */
  inspect(path: string, signal: AbortSignal): Promise<Inspection>;
  /** Hash alone, for reading back what a folder destination holds. */
  hash(path: string, signal: AbortSignal): Promise<{ sha256: ContentHash; bytes: number }>;
  close(): Promise<void>;
}
