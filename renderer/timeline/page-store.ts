import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import type { PageRange } from './sections.ts';

export type LoadPage = (page: PageRange, signal: AbortSignal) => Promise<readonly TimelineItem[]>;

/** Pages that are kept after they went out of sight. */
const KEPT = 150;

/**
 * The photos of the pages that are seen or were lately. Asks for what is wanted, lets go of requests that
 * nobody waits for any more, and keeps old photos on show while newer ones are on their way.
 */
export class PageStore {
  readonly #load: LoadPage;
  readonly #onLoaded: (page: PageRange) => void;
  readonly #onFailed: (error: unknown) => void;
  /** The least recently wanted first. */
  readonly #kept = new Map<string, { readonly items: readonly TimelineItem[]; stale: boolean }>();
  readonly #loading = new Map<string, { readonly stop: AbortController }>();

  constructor(
    load: LoadPage,
    onLoaded: (page: PageRange) => void,
    onFailed: (error: unknown) => void,
  ) {
    this.#load = load;
    this.#onLoaded = onLoaded;
    this.#onFailed = onFailed;
  }

  /** The photos of a page, also when newer ones are being asked for; null where none were loaded. */
  items(page: PageRange): readonly TimelineItem[] | null {
    return this.#kept.get(keyOf(page))?.items ?? null;
  }

  /** Loads these pages and nothing else. */
  want(pages: readonly PageRange[]): void {
    const wanted = new Map(pages.map((page) => [keyOf(page), page]));
    for (const [key, { stop }] of this.#loading) {
      if (wanted.has(key)) continue;
      stop.abort();
      this.#loading.delete(key);
    }
    for (const [key, page] of wanted) {
      const kept = this.#kept.get(key);
      if (kept !== undefined) {
        this.#kept.delete(key);
        this.#kept.set(key, kept);
      }
      if ((kept === undefined || kept.stale) && !this.#loading.has(key))
        void this.#fetch(key, page);
    }
  }

  /** One page, whether wanted or not. */
  async get(page: PageRange, signal: AbortSignal): Promise<readonly TimelineItem[]> {
    const kept = this.#kept.get(keyOf(page));
    if (kept !== undefined && !kept.stale) return kept.items;
    const items = await this.#load(page, signal);
    this.#keep(keyOf(page), items);
    return items;
  }

  /** Photos of these days (all: null) may have changed: what is kept of them is asked for again when wanted. */
  outdate(days: readonly string[] | null): void {
    for (const [key, page] of this.#kept) {
      const [newest = '', oldest = ''] = key.split(' ');
      if (days === null || days.some((day) => day <= newest && day >= oldest)) page.stale = true;
    }
    // An answer that is on its way may be of before the change.
    for (const [key, { stop }] of this.#loading) {
      stop.abort();
      this.#loading.delete(key);
    }
  }

  /** Pictures of these photos were made. True where a kept page has one of them. */
  outdatePhotos(ids: ReadonlySet<string>): boolean {
    let found = false;
    for (const page of this.#kept.values()) {
      if (!page.items.some(({ id, picture }) => picture === 'none' && ids.has(id))) continue;
      page.stale = true;
      found = true;
    }
    return found;
  }

  async #fetch(key: string, page: PageRange): Promise<void> {
    const stop = new AbortController();
    this.#loading.set(key, { stop });
    try {
      const items = await this.#load(page, stop.signal);
      if (stop.signal.aborted) return;
      this.#loading.delete(key);
      this.#keep(key, items);
      this.#onLoaded(page);
    } catch (error) {
      if (stop.signal.aborted) return;
      this.#loading.delete(key);
      this.#onFailed(error);
    }
  }

  #keep(key: string, items: readonly TimelineItem[]): void {
    this.#kept.delete(key);
    this.#kept.set(key, { items, stale: false });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function keyOf({ newest, oldest, offset, limit }: PageRange): string {
  return `${newest} ${oldest} ${String(offset)} ${String(limit)}`;
}
