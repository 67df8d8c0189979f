import { CircleDot, CloudAlert, CloudUpload, Copy, FileImage, FileVideo, Play } from 'lucide-react';
import { memo, use, useCallback, useState, type ReactElement } from 'react';

import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import { averageOf, placeholderOf } from './placeholder.ts';
import { TileWordsContext, type TileWords } from './tile-words.ts';

import './tile.css';

/** A photo of the grid. Clicks and keys are the grid's business: it finds the tile by `data-index`. */
export const Tile = memo(function Tile({
  item,
  index,
  left,
  width,
  height,
  selected,
  focusable,
  fast,
}: {
  readonly item: TimelineItem;
  readonly index: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly fast: boolean;
}): ReactElement | null {
  const words = use(TileWordsContext);
  if (words === null) return null;
  const backgroundColor = averageOf(item.thumbHash);
  return (
    <div
      role="gridcell"
      className="tile"
      data-index={index}
      data-state={item.state}
      aria-selected={selected}
      aria-label={words.text(item)}
      tabIndex={focusable ? 0 : -1}
      style={{ left, width, height }}
    >
      <div className="tile-picture" style={{ backgroundColor }}>
        <Picture item={item} fast={fast} words={words} />
        <Badges item={item} roomy={width >= 90} words={words} />
      </div>
      <span className="tile-check" data-check aria-hidden />
    </div>
  );
});

function Picture({
  item,
  fast,
  words,
}: {
  readonly item: TimelineItem;
  readonly fast: boolean;
  readonly words: TileWords;
}): ReactElement | null {
  const { pictures } = words;
  /** Nobody sees a blur that the picture covers within a few frames: most need none. */
  const [late, setLate] = useState(item.picture === 'none');
  /** What has its picture keeps it when it goes fast. */
  const [wanted, setWanted] = useState(!fast);
  if (!fast && !wanted) setWanted(true);
  const watch = useCallback(
    (image: HTMLImageElement) =>
      pictures.watch(image, () => {
        setLate(true);
      }),
    [pictures],
  );
  if (item.picture === 'placeholder') {
    const Icon = item.kind === 'video' ? FileVideo : FileImage;
    return (
      <span className="tile-nothing">
        <Icon aria-hidden strokeWidth={1.25} />
        <span>{item.name}</span>
      </span>
    );
  }
  // The colour of the tile has to do while it flies by.
  if (!wanted) return null;
  const blurred = late && item.thumbHash !== null ? placeholderOf(item.thumbHash) : null;
  return (
    <>
      {blurred === null ? null : (
        <img className="tile-blur" src={blurred} alt="" draggable={false} />
      )}
      {item.picture === 'made' ? (
        <img
          ref={watch}
          className="tile-image"
          src={words.host.pictureUrl(item.id, 'grid')}
          alt=""
          decoding="async"
          draggable={false}
        />
      ) : null}
    </>
  );
}

function Badges({
  item,
  roomy,
  words,
}: {
  readonly item: TimelineItem;
  readonly roomy: boolean;
  readonly words: TileWords;
}): ReactElement | null {
  const isVideo = item.kind === 'video';
  if (!isVideo && item.kind !== 'raw' && !item.live && item.copies < 2 && isQuiet(item.state)) {
    return null;
  }
  return (
    <span className="tile-badges" aria-hidden>
      {item.state === 'failed' ? <CloudAlert className="tile-failed" /> : null}
      {item.state === 'waiting' ? <CloudUpload /> : null}
      {item.copies > 1 ? <Copy /> : null}
      {item.live ? <CircleDot /> : null}
      {item.kind === 'raw' && roomy ? <span className="tile-word">{words.raw}</span> : null}
      {isVideo ? <Play className="tile-play" /> : null}
      {isVideo && item.durationMs !== null && roomy ? (
        <span className="numeric">{words.duration(item.durationMs)}</span>
      ) : null}
    </span>
  );
}

function isQuiet(state: TimelineItem['state']): boolean {
  return state === 'safe' || state === 'none';
}
