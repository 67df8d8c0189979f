import type { ContentHash, MediaType } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';

/** What the reader asks of a worker, which does one after the other. */
export interface WorkerRequest {
  readonly id: number;
  /** `hash` gives the hash alone; `inspect` type and metadata, too. */
  readonly kind: 'hash' | 'inspect';
  readonly path: string;
}

/**
 * What a worker answers: `hashed` as soon as the hash is known, so that no parser can lose it, then for an
 * `inspect` one `parsed`; or one `failed` instead.
 */
export type WorkerReply =
  | {
      readonly id: number;
      readonly event: 'hashed';
      readonly sha256: ContentHash;
      readonly bytes: number;
      readonly type: MediaType | null;
    }
  | {
      readonly id: number;
      readonly event: 'parsed';
      readonly tags: MetadataTags;
      readonly failure: Failure | null;
    }
  | { readonly id: number; readonly event: 'failed'; readonly failure: Failure };

/** Shared integers: the request to stop, and a count of blocks read that shows that a disk still answers. */
export const controlCancelled = 0;
export const controlProgress = 1;
export const controlBytes = 8;

export interface WorkerData {
  readonly control: SharedArrayBuffer;
}
