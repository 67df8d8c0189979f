import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import type { TimelineItem } from '../../../shared/contract/app/timeline.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { albumsOf } from './albums.ts';
import { detailsOf } from './details.ts';
import { duplicatesOf } from './duplicates.ts';
import { exportOriginals } from './export.ts';
import { daysOf, photoFilterOf } from './filter.ts';
import { itemOf, numbered } from './items.ts';
import { idOf } from './opaque-id.ts';
import { originalOf } from './original.ts';
import type { TimelinePorts } from './ports.ts';
import { allDays, beside, countDays, pageOf } from './walk.ts';

/** The part of the contract that is about photos, albums and duplicates. */
export type TimelineHandlers = Pick<
  AppHandlers,
  | 'timeline.days'
  | 'timeline.range'
  | 'timeline.around'
  | 'timeline.cameras'
  | 'asset.details'
  | 'albums.list'
  | 'duplicates.page'
  | 'assets.export'
  | 'assets.reveal'
>;

/** More cameras than a person has to choose from. */
const mostCameras = 500;

/**
 * Answers to questions about photos, from the catalogue alone. Each question to the catalogue is bounded; an
 * answer that takes many of them lets others have their turn in between and stops when nobody waits for it.
 */
export function timelineHandlers(ports: TimelinePorts): TimelineHandlers {
  const { catalog } = ports;
  const { timeline } = catalog;
  const rowIds = (): number[] => numbered(catalog, ports.destinations()).map(({ rowId }) => rowId);
  const itemsOf = (ids: readonly number[]): TimelineItem[] =>
    timeline.entries(ids, rowIds()).map(itemOf);
  return {
    'timeline.days': ({ filter }, signal) =>
      countDays(timeline, timeline.plan(photoFilterOf(filter), rowIds()), daysOf(filter), signal),

    'timeline.range': async ({ filter, newest, oldest, offset, limit }, signal) => {
      const query = timeline.plan(photoFilterOf(filter), rowIds());
      const range = daysOf(filter, { newest, oldest });
      return itemsOf(await pageOf(timeline, query, { range, offset, limit }, signal));
    },

    'timeline.around': async ({ filter, id, newer, older }, signal) => {
      const key = timeline.keyOf(idOf(id));
      if (key === null) throw fail('notFound', 'There is no such photo.');
      const query = timeline.plan(photoFilterOf(filter), rowIds());
      const range = daysOf(filter, allDays);
      const before = await beside(
        timeline,
        query,
        { key, direction: 'newer', range, limit: newer },
        signal,
      );
      const after = await beside(
        timeline,
        query,
        { key, direction: 'older', range, limit: older },
        signal,
      );
      return itemsOf([...before.reverse(), key.id, ...after]);
    },

    'timeline.cameras': () => Promise.resolve(timeline.cameras(mostCameras)),

    'asset.details': async ({ id }) =>
      Promise.resolve(detailsOf(catalog, idOf(id), ports.destinations())),

    'albums.list': (_params, signal) => albumsOf(catalog, signal),

    'duplicates.page': async (page) => Promise.resolve(duplicatesOf(catalog, rowIds(), page)),

    'assets.export': (params, signal) => exportOriginals(params, ports, signal),

    'assets.reveal': async ({ id }, signal) => {
      const original = await originalOf(idOf(id), ports);
      if (original === null) {
        throw fail('notFound', 'This photo has no file on this computer now.', {
          hint: 'Connect the drive that holds it, or restore it from a destination.',
        });
      }
      await ports.reveal(original.path, signal);
      return {};
    },
  };
}
