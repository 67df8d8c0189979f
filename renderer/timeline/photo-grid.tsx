import { useLayoutEffect, useSyncExternalStore, type ReactElement } from 'react';

import { DayGroup } from './day-group.tsx';
import type { TimelineModel, TimelineState } from './timeline-model.ts';

/** The days that are on the page now. Nothing around it is drawn again while it scrolls. */
export function PhotoGrid({
  model,
  active,
  selected,
  onSelectDay,
  onDrawn,
}: {
  readonly model: TimelineModel;
  /** Index of the photo that the keyboard is at. */
  readonly active: number;
  readonly selected: ReadonlySet<string>;
  readonly onSelectDay: (section: number) => void;
  /** Called whenever what is on the page changed, before it is seen. */
  readonly onDrawn: () => void;
}): ReactElement {
  const state = useSyncExternalStore(model.subscribe, model.state);
  const today = localToday();
  const focusable = onPage(state, active) ? active : firstSeen(state, model.top);

  useLayoutEffect(() => {
    onDrawn();
  });

  return (
    <div role="presentation" className="timeline-canvas" style={{ height: state.length }}>
      <div
        role="presentation"
        className="timeline-layer"
        style={{ top: state.layerTop, width: state.layout.metrics.width }}
      >
        {daysOnPage(state).map(([first, end]) => (
          <DayGroup
            key={state.layout.cut.sections[first]?.day}
            model={model}
            state={state}
            first={first}
            end={end}
            focusable={focusable}
            selected={selected}
            today={today}
            onSelectDay={onSelectDay}
          />
        ))}
      </div>
    </div>
  );
}

/** For each day on the page its sections: the first, and the one after the last. */
function daysOnPage({ layout, first, end }: TimelineState): readonly (readonly [number, number])[] {
  const days: [number, number][] = [];
  for (let at = first; at < end; at++) {
    const last = days.at(-1);
    const sameDay = layout.cut.sections[at]?.opensDay === false;
    if (last !== undefined && sameDay) last[1] = at + 1;
    else days.push([at, at + 1]);
  }
  return days;
}

function onPage({ layout, first, end }: TimelineState, index: number): boolean {
  const { sections } = layout.cut;
  const last = sections[end - 1];
  return index >= (sections[first]?.start ?? 0) && index < (last?.start ?? 0) + (last?.count ?? 0);
}

function firstSeen({ layout }: TimelineState, top: number): number {
  return layout.cut.sections[layout.sectionAt(top)]?.start ?? 0;
}

function localToday(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
