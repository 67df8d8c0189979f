import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CircleCheck } from 'lucide-react';

import { useFormats } from '../text/use-formats.ts';
import type { Row } from './justify.ts';
import { Tile } from './tile.tsx';
import type { TimelineModel, TimelineState } from './timeline-model.ts';

/** A day, as far as it is on the page: its heading stays in sight while its photos pass. */
export function DayGroup({
  model,
  state,
  first,
  end,
  focusable,
  selected,
  today,
  onSelectDay,
}: {
  readonly model: TimelineModel;
  readonly state: TimelineState;
  /** Sections of the day on the page: the first, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Index of the photo that has the keyboard's focus. */
  readonly focusable: number;
  readonly selected: ReadonlySet<string>;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly onSelectDay: (from: number, to: number) => void;
}): ReactElement | null {
  const { t } = useTranslation('timeline');
  const formats = useFormats();
  const { layout } = state;
  const section = layout.cut.sections[first];
  if (section === undefined) return null;
  const { day, namesMonth, opensDay } = section;
  const top = layout.topOf(first);
  const sections = Array.from({ length: end - first }, (_, at) => first + at);
  const heading = formats.dayHeading(day, today);
  return (
    <div
      role="rowgroup"
      className="day"
      aria-label={heading}
      style={{
        top: top - layout.topOf(state.first),
        height: layout.topOf(end) - top,
      }}
    >
      {namesMonth ? (
        <div role="presentation" className="month-heading">
          {formats.month(day)}
        </div>
      ) : null}
      <div role="row" className="day-heading" data-continued={opensDay ? undefined : true}>
        <div role="rowheader">
          <h2>{heading}</h2>
        </div>
        <div role="gridcell">
          <button
            type="button"
            className="day-select"
            tabIndex={-1}
            aria-label={t('selectDay', { day: heading })}
            onClick={() => {
              onSelectDay(...spanOfDay(layout.cut.sections, first));
            }}
          >
            <CircleCheck aria-hidden />
          </button>
        </div>
      </div>
      {sections.map((at) => (
        <SectionRows
          key={`${day} ${at}`}
          model={model}
          state={state}
          at={at}
          above={layout.topOf(at) - top}
          focusable={focusable}
          selected={selected}
        />
      ))}
    </div>
  );
}

function SectionRows({
  model,
  state,
  at,
  above,
  focusable,
  selected,
}: {
  readonly model: TimelineModel;
  readonly state: TimelineState;
  readonly at: number;
  /** Pixels from the day's beginning on the page to the section. */
  readonly above: number;
  readonly focusable: number;
  readonly selected: ReadonlySet<string>;
}): ReactElement | readonly ReactElement[] | null {
  const { layout, from, to, fast } = state;
  const section = layout.cut.sections[at];
  if (section === undefined) return null;
  const inside = layout.headingOf(at);
  const items = model.itemsOf(section);
  const block = layout.blockOf(at);
  if (items === null || block === null) {
    return (
      <div
        role="presentation"
        className="day-waiting"
        style={{ top: above + inside, height: Math.max(0, layout.heightOf(at) - inside) }}
      />
    );
  }
  const start = layout.topOf(at) + inside;
  return block.rows
    .filter((row) => start + row.top + row.height >= from && start + row.top <= to)
    .map((row) => (
      <div
        key={row.first}
        role="row"
        className="tile-row"
        style={{ top: above + inside + row.top, height: row.height }}
      >
        {tilesOf(row).map((within, place) => {
          const item = items[within];
          return item === undefined ? null : (
            <Tile
              key={item.id}
              item={item}
              index={section.start + within}
              left={row.lefts[place] ?? 0}
              width={row.widths[place] ?? 1}
              height={row.height}
              selected={selected.has(item.id)}
              focusable={focusable === section.start + within}
              fast={fast}
            />
          );
        })}
      </div>
    ));
}

function tilesOf(row: Row): readonly number[] {
  return row.lefts.map((_, place) => row.first + place);
}

/** Indices of the first and the last photo of the day that a section belongs to. */
function spanOfDay(
  sections: TimelineState['layout']['cut']['sections'],
  at: number,
): readonly [number, number] {
  const day = sections[at]?.day;
  let first = at;
  while (sections[first - 1]?.day === day) first--;
  let last = at;
  while (sections[last + 1]?.day === day) last++;
  const end = sections[last];
  return [sections[first]?.start ?? 0, (end?.start ?? 0) + (end?.count ?? 1) - 1];
}
