import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import type { DayCount, TimelineFilter } from '../../../shared/contract/app/timeline.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { albumNames, type FakeLibrary } from './fake-library.ts';

type TimelineMethod =
  | 'timeline.days'
  | 'timeline.range'
  | 'timeline.around'
  | 'timeline.cameras'
  | 'asset.details'
  | 'albums.list'
  | 'duplicates.page'
  | 'assets.export'
  | 'assets.reveal';

/** The timeline's part of the contract over a generated library. */
export function fakeTimeline(library: FakeLibrary): Pick<AppHandlers, TimelineMethod> {
  const found = new Map<string, readonly number[] | null>();

  /** Indices of the photos that a filter lets through; null for all. */
  const indices = (filter: TimelineFilter): readonly number[] | null => {
    const key = JSON.stringify(filter);
    const known = found.get(key);
    if (known !== undefined) return known;
    const list =
      key === '{}'
        ? null
        : Array.from({ length: library.size }, (_, index) => index).filter((index) =>
            library.matches(index, filter),
          );
    found.set(key, list);
    return list;
  };
  const indexOf = (id: string): number => {
    const index = library.indexOf(id);
    if (index === null) throw fail('notFound', 'There is no such photo.');
    return index;
  };

  return {
    'timeline.days': ({ filter }) => {
      const list = indices(filter);
      return Promise.resolve(list === null ? [...library.days] : countByDay(library, list));
    },
    'timeline.range': ({ filter, newest, oldest, offset, limit }) => {
      const { from, to } = library.range(newest, oldest);
      const list = indices(filter);
      if (list === null) {
        const start = from + offset;
        const length = Math.max(0, Math.min(limit, to - start));
        return Promise.resolve(Array.from({ length }, (_, step) => library.item(start + step)));
      }
      const inRange = list.filter((index) => index >= from && index < to);
      return Promise.resolve(
        inRange.slice(offset, offset + limit).map((index) => library.item(index)),
      );
    },
    'timeline.around': ({ filter, id, newer, older }) => {
      const index = indexOf(id);
      const list = indices(filter);
      if (list === null) {
        const start = Math.max(0, index - newer);
        const end = Math.min(library.size, index + older + 1);
        return Promise.resolve(
          Array.from({ length: end - start }, (_, step) => library.item(start + step)),
        );
      }
      const place = list.indexOf(index);
      return Promise.resolve(
        list.slice(Math.max(0, place - newer), place + older + 1).map((each) => library.item(each)),
      );
    },
    'timeline.cameras': () =>
      Promise.resolve([...new Set([0, 60, 120, 180, 240].map((at) => library.camera(at)))]),
    'asset.details': ({ id }) => Promise.resolve(library.details(indexOf(id))),
    'albums.list': () =>
      Promise.resolve(
        library.size === 0
          ? []
          : albumNames.map((name) => {
              const list = indices({ album: name }) ?? [];
              const cover = list[0];
              return {
                id: name,
                name,
                path: `/home/mina/Pictures/${name}`,
                count: list.length,
                cover: cover === undefined ? null : cover.toString(36),
                newest: cover === undefined ? null : library.item(cover).wall,
              };
            }),
      ),
    'duplicates.page': ({ cursor, limit }) => {
      const list = indices({ duplicates: true }) ?? [];
      const start = cursor === null ? 0 : Number(cursor);
      const page = list.slice(start, start + limit);
      return Promise.resolve({
        duplicates: page.map((index) => ({
          item: library.item(index),
          bytes: library.details(index).bytes,
          paths: [...library.paths(index)],
        })),
        cursor: start + limit < list.length ? String(start + limit) : null,
        total: list.length,
      });
    },
    'assets.export': ({ ids }) => Promise.resolve({ copied: ids.length, failed: 0 }),
    'assets.reveal': () => Promise.resolve({}),
  };
}

function countByDay(library: FakeLibrary, list: readonly number[]): DayCount[] {
  const days: DayCount[] = [];
  for (const index of list) {
    const day = library.item(index).wall.slice(0, 10);
    const last = days.at(-1);
    if (last?.day === day) days[days.length - 1] = { day, count: last.count + 1 };
    else days.push({ day, count: 1 });
  }
  return days;
}
