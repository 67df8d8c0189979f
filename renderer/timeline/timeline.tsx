import { ImageOff } from 'lucide-react';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type UIEvent,
} from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineFilter } from '../../shared/contract/app/timeline.ts';
import { ErrorState } from '../design/surface.tsx';
import { Lightbox } from '../lightbox/lightbox.tsx';
import { ActionBar } from './action-bar.tsx';
import { metricsFor } from './metrics.ts';
import { PhotoGrid } from './photo-grid.tsx';
import type { PictureQueue } from './picture-queue.ts';
import { Scrubber } from './scrubber.tsx';
import { between, change, NOTHING, toggle, type Selection } from './selection.ts';
import { TimelineSkeleton } from './timeline-skeleton.tsx';
import type { TimelineModel } from './timeline-model.ts';
import { TileWordsContext, useTileWords } from './tile-words.ts';
import { indexAt, isCheck, useDragSelect } from './use-drag-select.ts';
import { useTimelineModel } from './use-timeline-model.ts';

import './timeline.css';

/**
 * Photos by day, newest first: for the whole library, an album or a search. Give it a `key` of the filter; it
 * does not follow a filter that changes.
 */
export function Timeline({
  filter,
  label,
  header,
  empty,
}: {
  readonly filter: TimelineFilter;
  /** What the grid is called for a screen reader. */
  readonly label: string;
  /** Stands over the grid while nothing is selected. */
  readonly header: ReactNode;
  /** Stands in for the grid where there are no photos. */
  readonly empty: ReactNode;
}): ReactElement {
  const { model, days } = useTimelineModel(filter);
  const scroller = useRef<HTMLDivElement>(null);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [active, setActive] = useState(0);
  const [opened, setOpened] = useState<string | null>(null);
  /** Index of a photo that gets the focus as soon as it is on the page. */
  const focusNext = useRef<number | null>(null);
  const selecting = selection.ids.size > 0;

  const shown = (days.data?.length ?? 0) > 0;
  useMeasuring(scroller, model.resize.bind(model), shown);
  const onDrawn = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const position = model.takePosition();
    if (position !== null) element.scrollTop = position;
    if (focusNext.current === null) return;
    const tile = element.querySelector<HTMLElement>(`[data-index="${focusNext.current}"]`);
    tile?.focus({ preventScroll: true });
    if (tile !== null) focusNext.current = null;
  };

  /** Selects a span beside what `base` has; loads what of it is not there, unless another span comes first. */
  const loading = useRef(new AbortController());
  const selectSpan = useCallback(
    async (from: number, to: number, base: Selection): Promise<void> => {
      loading.current.abort();
      const { signal } = (loading.current = new AbortController());
      const ids = await model.idsBetween(...between(from, to), signal).catch(() => null);
      if (ids !== null && !signal.aborted) setSelection(change(base, ids, true));
    },
    [model],
  );
  const dragBase = useRef<Selection>(NOTHING);
  const drag = useDragSelect(
    scroller,
    shown,
    selecting,
    (index) => {
      dragBase.current = { ...selection, anchor: index };
      void selectSpan(index, index, dragBase.current);
    },
    (from, to) => void selectSpan(from, to, dragBase.current),
  );

  const words = useTileWords();
  const onScroll = useScrolling(model, words.pictures);
  const choose = (index: number): void => {
    const photo = model.photo(index);
    if (photo !== null) setSelection(toggle(selection, photo.id, index));
  };
  const open = (index: number): void => {
    const photo = model.photo(index);
    if (photo !== null) setOpened(photo.id);
  };
  const onClick = (event: MouseEvent): void => {
    const index = indexAt(event.target);
    if (index === null || drag.takeClick()) return;
    setActive(index);
    if (event.shiftKey && selection.anchor !== null) {
      void selectSpan(selection.anchor, index, selection);
    } else if (selecting || event.ctrlKey || event.metaKey || isCheck(event.target)) choose(index);
    else open(index);
  };
  const move = (index: number, extend: boolean): void => {
    const to = Math.min(Math.max(0, index), model.total - 1);
    if (extend) {
      const anchor = selection.anchor ?? active;
      void selectSpan(anchor, to, { ids: new Set(), anchor });
    }
    setActive(to);
    focusNext.current = to;
    // Without it the focus would be lost with the tile that leaves the page.
    scroller.current?.focus({ preventScroll: true });
    model.reveal(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLButtonElement) return;
    const to = keyTarget(event.key, active, model);
    if (to !== null) move(to, event.shiftKey);
    else if (event.key === 'Enter') open(active);
    else if (event.key === ' ') choose(active);
    else if (event.key === 'Escape' && selecting) setSelection(NOTHING);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      void selectSpan(...model.spanOfDay(model.sectionOf(active)), selection);
    } else return;
    event.preventDefault();
  };
  const onSelectDay = useCallback(
    (section: number) => {
      void (async () => {
        const [from, to] = model.spanOfDay(section);
        const ids = await model.idsBetween(from, to, new AbortController().signal);
        setSelection((now) => change(now, ids, !ids.every((id) => now.ids.has(id)), from));
      })();
    },
    [model],
  );

  return (
    <div className="timeline" data-selecting={selecting ? true : undefined}>
      <div className="timeline-bar">
        {selecting ? (
          <ActionBar
            ids={[...selection.ids]}
            onClear={() => {
              setSelection(NOTHING);
              focusNext.current = active;
            }}
          />
        ) : null}
        <div className={selecting ? 'visually-hidden' : 'timeline-bar-header'}>{header}</div>
      </div>
      <div className="timeline-body">
        {days.isError && days.data === undefined ? (
          <ErrorState error={days.error} onRetry={() => void days.refetch()} />
        ) : days.data === undefined ? (
          <TimelineSkeleton />
        ) : days.data.length === 0 ? (
          empty
        ) : (
          <>
            <div
              ref={scroller}
              className="timeline-scroller"
              role="grid"
              aria-label={label}
              aria-multiselectable
              aria-rowcount={-1}
              tabIndex={-1}
              onScroll={onScroll}
              onClick={onClick}
              onKeyDown={onKeyDown}
              onPointerDown={drag.onPointerDown}
              onFocus={(event) => {
                const index = indexAt(event.target);
                if (index !== null) setActive(index);
              }}
            >
              <TileWordsContext value={words}>
                <PhotoGrid
                  model={model}
                  active={active}
                  selected={selection.ids}
                  onSelectDay={onSelectDay}
                  onDrawn={onDrawn}
                />
              </TileWordsContext>
            </div>
            <Scrubber model={model} />
          </>
        )}
        <PageFailed model={model} />
      </div>
      {opened === null ? null : (
        <Lightbox
          id={opened}
          filter={filter}
          onClose={() => {
            setOpened(null);
            focusNext.current = active;
          }}
        />
      )}
    </div>
  );
}

/** Says that photos could not be loaded. */
function PageFailed({ model }: { readonly model: TimelineModel }): ReactElement | null {
  const { t } = useTranslation(['timeline', 'common']);
  const hasFailed = useSyncExternalStore(model.subscribe, () => model.state().error !== null);
  if (!hasFailed) return null;
  return (
    <p className="timeline-error" role="alert">
      <ImageOff aria-hidden />
      {t('pageFailed')}
      <button
        type="button"
        onClick={() => {
          model.retry();
        }}
      >
        {t('common:retry')}
      </button>
    </p>
  );
}

/** Milliseconds without scrolling after which it is taken for finished. */
const PAUSE = 120;

/** Tells the model where the browser scrolled to, and the model and the pictures when it has come to rest. */
function useScrolling(
  model: TimelineModel,
  pictures: PictureQueue,
): (event: UIEvent<HTMLElement>) => void {
  const timer = useRef<number | undefined>(undefined);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
  return (event) => {
    pictures.setMoving(true);
    model.scrolled(event.currentTarget.scrollTop);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      pictures.setMoving(false);
      model.settled();
    }, PAUSE);
  };
}

/** Tells the model how large the place for the timeline is, whenever that changes. */
function useMeasuring(
  scroller: { readonly current: HTMLElement | null },
  resize: (metrics: ReturnType<typeof metricsFor>, viewport: number) => void,
  shown: boolean,
): void {
  const latest = useRef(resize);
  useEffect(() => {
    latest.current = resize;
  });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      latest.current(metricsFor(element.clientWidth, rem), element.clientHeight);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [scroller, shown]);
}

function keyTarget(key: string, active: number, model: TimelineModel): number | null {
  switch (key) {
    case 'ArrowLeft':
      return active - 1;
    case 'ArrowRight':
      return active + 1;
    case 'ArrowUp':
      return model.inNextRow(active, -1);
    case 'ArrowDown':
      return model.inNextRow(active, 1);
    case 'Home':
      return 0;
    case 'End':
      return model.total - 1;
    case 'PageUp':
      return model.pageAway(active, -1);
    case 'PageDown':
      return model.pageAway(active, 1);
    default:
      return null;
  }
}
