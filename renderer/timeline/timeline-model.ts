import type { DayCount, TimelineItem } from '../../shared/contract/app/timeline.ts';
import { TimelineLayout, type Metrics } from './layout.ts';
import { PageStore, type LoadPage } from './page-store.ts';
import { ScrollSpace } from './scroll-space.ts';
import { cutSections, sectionOfPhoto, type PageRange, type Section } from './sections.ts';

/** What is to be on the page now. A new object whenever something of it changed. */
export interface TimelineState {
  readonly layout: TimelineLayout;
  /** Length of the box that scrolls, in pixels. */
  readonly length: number;
  /** Sections on the page: the first, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Rows between these distances from the timeline's beginning are on the page. */
  readonly from: number;
  readonly to: number;
  /** Where, in the box that scrolls, the first section is put. */
  readonly layerTop: number;
  /** It moves too fast for pictures to be worth loading. */
  readonly fast: boolean;
  /** Photos could not be loaded. */
  readonly error: unknown;
}

/** Rows are put on the page so many viewports before they are seen. */
const AHEAD = 0.75;
/** Photos are asked for so many viewports before, so that a row comes once, with its photos, and one at a time. */
const LOAD_AHEAD = 2;
/** The page changes every so many pixels, not with each of them. */
const STEP = 160;
/** Page up and down move by this share of the viewport, so that some of what was seen still is. */
const PAGE_MOVE = 0.85;
/** Moving by more viewports than this at once is too fast to load anything. */
const FAST = 0.25;

/**
 * The timeline apart from the DOM: knows where everything lies, what is seen and what is loaded. Tells its
 * listeners when what is on the page has to change.
 */
export class TimelineModel {
  readonly #pages: PageStore;
  readonly #space = new ScrollSpace();
  readonly #changed = new Set<() => void>();
  /** Which sections were laid out by the photos of a page; forgotten with the page. */
  #laid = new WeakMap<readonly TimelineItem[], Set<number>>();
  #layout: TimelineLayout;
  #viewport = 1;
  /** Where the browser has to scroll to with the next drawing. */
  #position: number | null = null;
  /** Index of a photo that is to be shown, while its place is not known exactly. */
  #revealing: number | null = null;
  #fast = false;
  #error: unknown = null;
  #state: TimelineState;

  constructor(load: LoadPage, metrics: Metrics) {
    this.#pages = new PageStore(
      load,
      (page) => {
        const failed = this.#error !== null;
        this.#error = null;
        this.#learn();
        this.#revealAgain();
        this.#update(failed || this.#isOnPage(page));
      },
      (error) => {
        this.#error = error;
        this.#update(true);
      },
    );
    this.#layout = new TimelineLayout(cutSections([]), metrics);
    this.#state = this.#makeState();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  };

  readonly state = (): TimelineState => this.#state;

  /** Pixels from the timeline's beginning to the top of the viewport. */
  get top(): number {
    return this.#space.top;
  }

  get viewport(): number {
    return this.#viewport;
  }

  /** The scroll position that the browser has to take with what is drawn now; null to leave it. */
  takePosition(): number | null {
    const position = this.#position;
    this.#position = null;
    return position;
  }

  /** Photos in all. */
  get total(): number {
    return this.#layout.cut.total;
  }

  /** Takes the days; what is at the top of the viewport stays there. */
  setDays(days: readonly DayCount[]): void {
    const seen = this.#layout.cut.sections[this.#anchor()];
    const within = this.#space.top - this.#layout.topOf(this.#anchor());
    const isAtTop = this.#space.top === 0;
    this.#layout = new TimelineLayout(cutSections(days), this.#layout.metrics);
    this.#laid = new WeakMap();
    this.#space.resize(this.#layout.total, this.#viewport);
    this.#learnAll();
    const { sections } = this.#layout.cut;
    const same = sections.findIndex(
      ({ day, opensDay }) => day === seen?.day && opensDay === seen.opensDay,
    );
    if (isAtTop) this.#goTo(0);
    else this.#goTo(same === -1 ? this.#space.top : this.#layout.topOf(same) + within);
  }

  /** The place for the timeline changed. */
  resize(metrics: Metrics, viewport: number): void {
    const { metrics: before } = this.#layout;
    if (viewport === this.#viewport && sameMetrics(before, metrics)) return;
    this.#viewport = viewport;
    const anchor = this.#anchor();
    const height = this.#layout.heightOf(anchor);
    const share = height === 0 ? 0 : (this.#space.top - this.#layout.topOf(anchor)) / height;
    if (!sameMetrics(before, metrics)) {
      this.#layout.measure(metrics);
      this.#laid = new WeakMap();
      this.#learnAll();
    }
    this.#space.resize(this.#layout.total, viewport);
    this.#goTo(this.#layout.topOf(anchor) + share * this.#layout.heightOf(anchor));
  }

  /** The browser scrolled. */
  scrolled(position: number): void {
    const before = this.#space.top;
    const settleNow = this.#space.scrolled(position);
    if (this.#space.top !== before) this.#revealing = null;
    this.#fast = Math.abs(this.#space.top - before) > this.#viewport * FAST;
    if (settleNow) this.#position = this.#space.settle();
    this.#update(settleNow);
  }

  /** Nothing moves any more. */
  settled(): void {
    this.#fast = false;
    const { offset } = this.#space;
    const position = this.#space.settle();
    if (this.#space.offset !== offset) this.#position = position;
    this.#update(true);
  }

  /** Goes to a distance from the timeline's beginning. `fast`: more such moves are to come. */
  jump(top: number, fast = false): void {
    this.#fast = fast;
    this.#goTo(top);
  }

  /** Moves as little as is needed to show the photo with this index. */
  reveal(index: number): void {
    const place = this.placeOf(index);
    if (place === null) return;
    const section = sectionOfPhoto(this.#layout.cut.sections, index);
    this.#revealing = this.#layout.blockOf(section) === null ? index : null;
    const headings = this.#layout.metrics.dayHeading;
    const { top, height } = place;
    if (top - headings < this.#space.top) this.#goTo(top - headings);
    else if (top + height > this.#space.top + this.#viewport) {
      this.#goTo(top + height - this.#viewport + this.#layout.metrics.gap);
    }
  }

  /** Where a photo lies, in pixels; about, while its section is not loaded. Null where there is no such photo. */
  placeOf(index: number): { readonly top: number; readonly height: number } | null {
    if (index < 0 || index >= this.total) return null;
    const at = sectionOfPhoto(this.#layout.cut.sections, index);
    const section = this.#layout.cut.sections[at];
    if (section === undefined) return null;
    const top = this.#layout.topOf(at) + this.#layout.headingOf(at);
    const row = this.#layout
      .blockOf(at)
      ?.rows.findLast(({ first }) => first <= index - section.start);
    if (row !== undefined) return { top: top + row.top, height: row.height };
    const share = (index - section.start) / section.count;
    const room = this.#layout.heightOf(at) - this.#layout.headingOf(at);
    return { top: Math.round(top + share * room), height: this.#layout.metrics.target };
  }

  /**
   * The photo above (`-1`) or below (`1`) the one with this index, by what is seen; the same photo at the ends
   * and where rows are not loaded.
   */
  inNextRow(index: number, direction: -1 | 1): number {
    const at = sectionOfPhoto(this.#layout.cut.sections, index);
    const section = this.#layout.cut.sections[at];
    const block = this.#layout.blockOf(at);
    if (section === undefined || block === null) return index;
    const rowAt = block.rows.findLastIndex(({ first }) => first <= index - section.start);
    const row = block.rows[rowAt];
    if (row === undefined) return index;
    const within = index - section.start - row.first;
    const middle = (row.lefts[within] ?? 0) + (row.widths[within] ?? 0) / 2;
    const nextAt = at + direction;
    const [next, of] =
      block.rows[rowAt + direction] === undefined
        ? [
            this.#layout.blockOf(nextAt)?.rows.at(direction === 1 ? 0 : -1),
            this.#layout.cut.sections[nextAt],
          ]
        : [block.rows[rowAt + direction], section];
    if (next === undefined || of === undefined) return index;
    const nearest = next.lefts.findIndex((left, each) => left + (next.widths[each] ?? 0) >= middle);
    return of.start + next.first + (nearest === -1 ? next.lefts.length - 1 : nearest);
  }

  /** The photo about a viewport above (`-1`) or below (`1`) the one with this index. */
  pageAway(index: number, direction: -1 | 1): number {
    const place = this.placeOf(index);
    if (place === null) return index;
    const wanted = place.top + direction * this.#viewport * PAGE_MOVE;
    const at = this.#layout.sectionAt(Math.max(0, Math.min(wanted, this.#layout.total - 1)));
    const section = this.#layout.cut.sections[at];
    if (section === undefined) return index;
    const inside = wanted - this.#layout.topOf(at) - this.#layout.headingOf(at);
    const row = this.#layout.blockOf(at)?.rows.findLast(({ top }) => top <= inside);
    if (row !== undefined) return section.start + row.first;
    const share = Math.min(1, Math.max(0, inside / Math.max(1, this.#layout.heightOf(at))));
    return section.start + Math.min(section.count - 1, Math.floor(share * section.count));
  }

  /** Index of the section that holds the photo with an index. */
  sectionOf(index: number): number {
    return sectionOfPhoto(this.#layout.cut.sections, index);
  }

  /** Indices of the first and the last photo of the day that a section belongs to. */
  spanOfDay(section: number): readonly [number, number] {
    const { sections } = this.#layout.cut;
    const day = sections[section]?.day;
    if (day === undefined) return [0, 0];
    let first = section;
    while (sections[first - 1]?.day === day) first--;
    let last = section;
    while (sections[last + 1]?.day === day) last++;
    const end = sections[last];
    return [sections[first]?.start ?? 0, (end?.start ?? 0) + (end?.count ?? 1) - 1];
  }

  /** The photo with an index, where it is loaded. */
  photo(index: number): TimelineItem | null {
    const at = sectionOfPhoto(this.#layout.cut.sections, index);
    const section = this.#layout.cut.sections[at];
    if (section === undefined) return null;
    const within = index - section.start;
    return within < section.count
      ? (this.pageOf(section)?.[section.offset + within] ?? null)
      : null;
  }

  /** Photos of the page of a section, where they are loaded: its own begin at its `offset`. */
  pageOf(section: Section): readonly TimelineItem[] | null {
    const page = this.#layout.cut.pages[section.page];
    return page === undefined ? null : this.#pages.items(page);
  }

  /** The ids of all photos from one index to another, inclusive; loads what is not there. */
  async idsBetween(from: number, to: number, signal: AbortSignal): Promise<readonly string[]> {
    const ids: string[] = [];
    const { sections, pages } = this.#layout.cut;
    for (let at = sectionOfPhoto(sections, from); at < sections.length; at++) {
      const section = sections[at];
      const page = pages[section?.page ?? -1];
      if (section === undefined || page === undefined || section.start > to) break;
      const items = await this.#pages.get(page, signal);
      for (let index = Math.max(from, section.start); index <= to; index++) {
        const within = index - section.start;
        if (within >= section.count) break;
        const item = items[section.offset + within];
        if (item !== undefined) ids.push(item.id);
      }
    }
    return ids;
  }

  /** Photos of these days (null: of all) may have changed. */
  outdate(days: readonly string[] | null): void {
    this.#pages.outdate(days);
    this.#update(true);
  }

  picturesMade(ids: readonly string[]): void {
    if (this.#pages.outdatePhotos(new Set(ids))) this.#update(true);
  }

  /** Tries again what could not be loaded. */
  retry(): void {
    this.#error = null;
    this.#update(true);
  }

  /** What was to be shown before its place was known exactly is shown now. */
  #revealAgain(): void {
    if (this.#revealing !== null) this.reveal(this.#revealing);
  }

  #anchor(): number {
    return this.#layout.sectionAt(this.#space.top);
  }

  #goTo(top: number): void {
    this.#position = this.#space.jump(top);
    this.#update(true);
  }

  /** Lays out what is loaded of the sections around the viewport. */
  #learn(): void {
    this.#know(...this.#layout.sectionsBetween(...this.#span(LOAD_AHEAD)));
  }

  #learnAll(): void {
    this.#know(0, this.#layout.cut.sections.length);
  }

  #know(first: number, end: number): void {
    const shapes = new Map<number, readonly number[]>();
    for (let at = first; at < end; at++) {
      const section = this.#layout.cut.sections[at];
      const items = section === undefined ? null : this.pageOf(section);
      if (section === undefined || items === null) continue;
      const laid = this.#laid.get(items) ?? new Set();
      if (laid.has(at)) continue;
      this.#laid.set(items, laid.add(at));
      const { offset, count } = section;
      shapes.set(at, items.slice(offset, offset + count).map(aspectOf));
    }
    if (shapes.size === 0) return;
    this.#space.shift(this.#layout.know(shapes, this.#anchor()));
    this.#space.resize(this.#layout.total, this.#viewport);
  }

  #span(viewports: number): readonly [number, number] {
    const ahead = this.#viewport * viewports;
    const from = Math.floor((this.#space.top - ahead) / STEP) * STEP;
    const to = Math.ceil((this.#space.top + this.#viewport + ahead) / STEP) * STEP;
    return [from, to];
  }

  #update(always: boolean): void {
    if (!always && sameState(this.#state, this.#makeState())) return;
    if (!this.#fast && this.#error === null) this.#load();
    this.#state = this.#makeState();
    for (const listener of this.#changed) listener();
  }

  #load(): void {
    const { sections, pages } = this.#layout.cut;
    const [first, end] = this.#layout.sectionsBetween(...this.#span(LOAD_AHEAD));
    const wanted = new Set(sections.slice(first, end).map(({ page }) => page));
    this.#pages.want([...wanted].flatMap((page) => pages[page] ?? []));
    // What is kept was laid out unless it came in without being near.
    this.#know(first, end);
  }

  /** Whether something of these photos is on the page. */
  #isOnPage({ newest, oldest }: PageRange): boolean {
    const { layout, first, end } = this.#state;
    return layout.cut.sections.slice(first, end).some(({ day }) => day <= newest && day >= oldest);
  }

  #makeState(): TimelineState {
    const [from, to] = this.#span(AHEAD);
    const [first, end] = this.#layout.sectionsBetween(from, to);
    return {
      layout: this.#layout,
      length: this.#space.length,
      first,
      end,
      from,
      to,
      layerTop: this.#layout.topOf(first) - this.#space.offset,
      fast: this.#fast,
      error: this.#error,
    };
  }
}

function aspectOf({ width, height }: TimelineItem): number {
  return width === null || height === null ? 1 : width / height;
}

function sameMetrics(one: Metrics, other: Metrics): boolean {
  return (
    one.width === other.width &&
    one.target === other.target &&
    one.gap === other.gap &&
    one.dayHeading === other.dayHeading &&
    one.monthHeading === other.monthHeading
  );
}

function sameState(one: TimelineState, other: TimelineState): boolean {
  return (
    one.layout === other.layout &&
    one.length === other.length &&
    one.first === other.first &&
    one.end === other.end &&
    one.from === other.from &&
    one.to === other.to &&
    one.layerTop === other.layerTop &&
    one.fast === other.fast
  );
}
