import { memo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CircleCheck } from 'lucide-react';

import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
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
  readonly onSelectDay: (section: number) => void;
}): ReactElement | null {
  const formats = useFormats();
  const { layout } = state;
  const section = layout.cut.sections[first];
  if (section === undefined) return null;
  const { day, namesMonth, opensDay } = section;
  const top = layout.topOf(first);
  const sections = Array.from({ length: end - first }, (_, at) => first + at);
  return (
    <div
      role="rowgroup"
      className="day"
      aria-label={formats.dayHeading(day, today)}
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
      <DayHeading
        day={day}
        today={today}
        section={first}
        continued={!opensDay}
        onSelectDay={onSelectDay}
      />
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

const DayHeading = memo(function DayHeading({
  day,
  today,
  section,
  continued,
  onSelectDay,
}: {
  readonly day: string;
  readonly today: string;
  readonly section: number;
  /** The day began before what is on the page. */
  readonly continued: boolean;
  readonly onSelectDay: (section: number) => void;
}): ReactElement {
  const { t } = useTranslation('timeline');
  const heading = useFormats().dayHeading(day, today);
  return (
    <div role="row" className="day-heading" data-continued={continued ? true : undefined}>
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
            onSelectDay(section);
          }}
        >
          <CircleCheck aria-hidden />
        </button>
      </div>
    </div>
  );
});

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
  const items = model.pageOf(section);
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
  const end = section.start + section.count;
  return block.rows
    .filter((row) => start + row.top + row.height >= from && start + row.top <= to)
    .map((row) => (
      <PhotoRow
        key={row.first}
        row={row}
        top={above + inside + row.top}
        items={items}
        offset={section.offset}
        start={section.start}
        focusable={focusable >= section.start && focusable < end ? focusable : null}
        selected={selected}
        fast={fast}
      />
    ));
}

/** A row stays as it is while others come and go. */
const PhotoRow = memo(function PhotoRow({
  row,
  top,
  items,
  offset,
  start,
  focusable,
  selected,
  fast,
}: {
  readonly row: Row;
  /** Pixels from the day's beginning on the page. */
  readonly top: number;
  /** Photos of the page that the section is of, and where in it the section begins. */
  readonly items: readonly TimelineItem[];
  readonly offset: number;
  /** Index of the section's first photo. */
  readonly start: number;
  readonly focusable: number | null;
  readonly selected: ReadonlySet<string>;
  readonly fast: boolean;
}): ReactElement {
  return (
    <div role="row" className="tile-row" style={{ top, height: row.height }}>
      {row.lefts.map((left, place) => {
        const within = row.first + place;
        const item = items[offset + within];
        return item === undefined ? null : (
          <Tile
            key={item.id}
            item={item}
            index={start + within}
            left={left}
            width={row.widths[place] ?? 1}
            height={row.height}
            selected={selected.has(item.id)}
            focusable={focusable === start + within}
            fast={fast}
          />
        );
      })}
    </div>
  );
});
