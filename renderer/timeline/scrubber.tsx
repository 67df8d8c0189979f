import {
  useMemo,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
} from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '../text/use-formats.ts';
import { monthAway, yearMarks } from './scrubber-marks.ts';
import type { TimelineModel, TimelineState } from './timeline-model.ts';

import './scrubber.css';

/** Least distance of two years on it, in pixels. */
const APART = 24;

/** The whole timeline as one line with its years: drag it, or use the arrow keys, to be elsewhere. */
export function Scrubber({ model }: { readonly model: TimelineModel }): ReactElement | null {
  const { t } = useTranslation('timeline');
  const state = useSyncExternalStore(model.subscribe, model.state);
  const formats = useFormats();
  /** Where the pointer is, 0 to 1; null while it is elsewhere. */
  const [pointed, setPointed] = useState<number | null>(null);
  const [dragging, setDragging] = useState(false);
  const { layout } = state;
  const { viewport, top } = model;
  const room = layout.total - viewport;
  if (room < viewport) return null;
  const place = Math.min(1, Math.max(0, top / room));
  const shown = pointed ?? place;
  const month = monthAt(state, shown * room);
  const goTo = (share: number, fast: boolean): void => {
    setPointed(share);
    model.jump(share * room, fast);
  };
  const shareOf = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const months = MONTHS_BY_KEY[event.key];
    if (months !== undefined) {
      model.jump(layout.topOf(monthAway(layout, layout.sectionAt(top), months)));
    } else if (event.key === 'Home') model.jump(0);
    else if (event.key === 'End') model.jump(room);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="scrubber"
      data-dragging={dragging ? true : undefined}
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('scrubber')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(place * 100)}
      aria-valuetext={formats.month(monthAt(state, top))}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
        goTo(shareOf(event), true);
      }}
      onPointerMove={(event) => {
        if (dragging) goTo(shareOf(event), true);
        else setPointed(shareOf(event));
      }}
      onPointerUp={(event) => {
        setDragging(false);
        goTo(shareOf(event), false);
        if (event.pointerType === 'touch') setPointed(null);
      }}
      onPointerCancel={() => {
        setDragging(false);
        setPointed(null);
        model.settled();
      }}
      onPointerLeave={() => {
        if (!dragging) setPointed(null);
      }}
    >
      <Years state={state} viewport={viewport} here={place} />
      <span className="scrubber-here" style={{ top: `${place * 100}%` }} />
      {pointed === null ? null : (
        <span className="scrubber-bubble" style={{ top: `${shown * 100}%` }} aria-hidden>
          {formats.month(month)}
        </span>
      )}
    </div>
  );
}

const MONTHS_BY_KEY: Readonly<Partial<Record<string, number>>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -12,
  PageDown: 12,
};

function Years({
  state,
  viewport,
  here,
}: {
  readonly state: TimelineState;
  readonly viewport: number;
  readonly here: number;
}): ReactElement {
  const formats = useFormats();
  const apart = APART / viewport;
  const { layout } = state;
  const { total } = layout;
  const marks = useMemo(() => yearMarks(layout, total, apart), [layout, total, apart]);
  return (
    <span aria-hidden className="scrubber-years">
      {marks.map(({ year, place }) =>
        // The mark of where we are is not drawn over a year.
        Math.abs(place - here) < apart / 2 ? null : (
          <span key={year} className="scrubber-year" style={{ top: `${place * 100}%` }}>
            {formats.year(year)}
          </span>
        ),
      )}
    </span>
  );
}

function monthAt({ layout }: TimelineState, top: number): string {
  return layout.cut.sections[layout.sectionAt(top)]?.day ?? '';
}
