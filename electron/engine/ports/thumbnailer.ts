import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';

/** Pictures of one asset for the eye, kept in the thumbnail cache. */
export interface Thumbnail {
  /** File with the small picture for the timeline, or null where there is a placeholder. */
  readonly gridPath: string | null;
  /** File with the picture that fills a screen; null where only the grid size was asked for. */
  readonly previewPath: string | null;
  /** Pixels of the original as displayed; null where unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** ThumbHash (evanw.github.io/thumbhash), base64: a blurred picture of about 25 bytes. */
  readonly thumbHash: string | null;
  /** Why there is a placeholder instead of pictures; the photo is backed up all the same. */
  readonly placeholderReason: Failure | null;
}

/** `grid` is quick and what a timeline needs; `all` adds the preview, three times the work. */
export type ThumbnailSizes = 'grid' | 'all';

/** Makes thumbnails behind everything else: within limits of time, memory and disk, at a low priority. */
export interface Thumbnailer {
  /**
   * Makes the thumbnail of a file's content and keeps it in the cache. What cannot be made is a
   * `placeholderReason`; only an aborted signal rejects (`cancelled`). The file's bytes must still hash to
   * `hash`, or the reason is `changed`: a cache by content never holds another content's picture.
   *
   * @param sizes `all` by default.
   */
  make(
    path: string,
    hash: ContentHash,
    signal: AbortSignal,
    sizes?: ThumbnailSizes,
  ): Promise<Thumbnail>;
  /** The file with a picture that was made before, or null where it was not or has been evicted since. */
  find(hash: ContentHash, size: 'grid' | 'preview'): Promise<string | null>;
  close(): Promise<void>;
}
