import type { TimelineFilter } from '../../../shared/contract/app/timeline.ts';
import type { PhotoFilter } from '../catalog/photo-filter.ts';
import type { DayRange } from '../catalog/timeline.ts';
import { idOf } from './opaque-id.ts';
import { allDays } from './walk.ts';

/** More words than a person types. */
const mostWords = 20;

/** A window's filter as the catalogue takes it. */
export function photoFilterOf(filter: TimelineFilter): PhotoFilter {
  const { text, kinds, album, camera, state, rating, placed, duplicates } = filter;
  const words = (text ?? '').split(/\s+/u).filter((word) => word !== '');
  return {
    ...(words.length === 0 ? {} : { words: words.slice(0, mostWords) }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(album === undefined ? {} : { directoryId: idOf(album) }),
    ...(camera === undefined ? {} : { camera }),
    ...(state === undefined ? {} : { standing: state }),
    ...(rating === undefined ? {} : { rating }),
    ...(placed === undefined ? {} : { placed }),
    ...(duplicates === undefined ? {} : { duplicates }),
  };
}

/** The days of a filter, within others. */
export function daysOf({ from, to }: TimelineFilter, within: DayRange = allDays): DayRange {
  const oldest = from !== undefined && from > within.oldest ? from : within.oldest;
  const newest = to !== undefined && to < within.newest ? to : within.newest;
  return { newest, oldest };
}
