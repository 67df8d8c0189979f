/** How much of everything a run works on. */
export interface Sizes {
  /** Photos of 12 megapixels. */
  readonly photos: number;
  /** Of those, the ones that thumbnails are made of. */
  readonly pictures: number;
  /** Small photos in many folders. */
  readonly treeFiles: number;
  /** Small photos that are uploaded over a slow line. */
  readonly smallFiles: number;
  /** Size of each large file to hash, bytes. */
  readonly largeFileBytes: number;
  /** Photos in the catalogue that is asked questions. */
  readonly assets: number;
}

const mebibyte = 1024 * 1024;

/** The sizes for a share of the full ones. */
export function sizesFor(scale: number): Sizes {
  const share = (full: number, least: number): number => Math.max(least, Math.round(full * scale));
  return {
    photos: share(1000, 12),
    pictures: share(300, 8),
    treeFiles: share(100_000, 200),
    smallFiles: share(2000, 64),
    largeFileBytes: share(256, 4) * mebibyte,
    assets: share(1_000_000, 2000),
  };
}
