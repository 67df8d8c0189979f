import type { SlideImage } from 'yet-another-react-lightbox';

import type { HostBridge } from '../../shared/contract/app/host-bridge.ts';
import type { TimelineItem } from '../../shared/contract/app/timeline.ts';

declare module 'yet-another-react-lightbox' {
  interface GenericSlide {
    /** The photo that the slide shows. */
    readonly item?: TimelineItem;
  }
}

/** Longest side of a preview, in pixels. */
const PREVIEW = 1920;
/** Longest side of a picture of the grid, in pixels. */
const GRID = 320;
/** Files that a browser shows as they are. */
const SHOWN_AS_THEY_ARE = /\.(?:jpe?g|png|webp|gif|avif)$/iu;

/** A photo as the lightbox wants it; sharper pictures follow when it is zoomed into. */
export function slideOf(
  item: TimelineItem,
  alt: string,
  host: Pick<HostBridge, 'pictureUrl'>,
): SlideImage {
  const src = host.pictureUrl(item.id, 'preview');
  const { width, height } = item;
  if (width === null || height === null) return { src, alt, item };
  const sized = (longest: number): { width: number; height: number } => {
    const scale = Math.min(1, longest / Math.max(width, height));
    return {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    };
  };
  const original = item.kind === 'photo' && SHOWN_AS_THEY_ARE.test(item.name);
  return {
    src,
    alt,
    item,
    width,
    height,
    srcSet: [
      { src: host.pictureUrl(item.id, 'grid'), ...sized(GRID) },
      { src, ...sized(PREVIEW) },
      ...(original && Math.max(width, height) > PREVIEW
        ? [{ src: host.pictureUrl(item.id, 'original'), width, height }]
        : []),
    ],
  };
}

/** A list of neighbours joined with another that overlaps it, in the timeline's order. */
export function joinItems(
  known: readonly TimelineItem[],
  around: readonly TimelineItem[],
): readonly TimelineItem[] {
  const ids = new Set(around.map(({ id }) => id));
  const firstShared = known.findIndex(({ id }) => ids.has(id));
  if (firstShared === -1) return around;
  const lastShared = known.findLastIndex(({ id }) => ids.has(id));
  return [...known.slice(0, firstShared), ...around, ...known.slice(lastShared + 1)];
}
