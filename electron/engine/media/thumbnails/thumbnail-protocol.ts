import type { ContentHash } from '../../../../shared/domain/asset.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import type { ThumbnailSizes } from '../../ports/thumbnailer.ts';

/** What the thumbnailer asks of its child process; one request at a time. */
export interface ThumbnailRequest {
  readonly id: number;
  readonly path: string;
  readonly hash: ContentHash;
  readonly sizes: ThumbnailSizes;
}

/** JPEGs and what was learnt on the way. */
export interface RenderedThumbnail {
  readonly grid: Uint8Array;
  readonly preview: Uint8Array | null;
  /** Pixels of the original as displayed. */
  readonly width: number;
  readonly height: number;
  /** Base64. */
  readonly thumbHash: string;
}

export type ThumbnailReply =
  | { readonly id: number; readonly rendered: RenderedThumbnail }
  | { readonly id: number; readonly failure: Failure };

/** The child's exit status when it found itself over its memory limit. */
export const outOfMemoryStatus = 86;

/** Environment variable with the child's memory limit, megabytes of resident memory. */
export const memoryLimitVariable = 'CLOUDROLL_THUMBNAIL_MEMORY_MB';
