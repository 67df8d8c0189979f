import type { Announce } from '../../../shared/contract/app/events.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../ports/clock.ts';

/** Between two tellings, milliseconds: a window redraws what it hears of. */
const tellEveryMs = 1000;
/** More days than this, and the window had better ask for everything again. */
const mostDays = 366;
const mostPictures = 1000;

export interface TimelineNewsPorts {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly announce: Announce;
}

/** Gathers what changes in the timeline and tells it now and then. */
export class TimelineNews {
  readonly #ports: TimelineNewsPorts;
  readonly #stop = new AbortController();
  #hashes = new Set<string>();
  #pictures = new Set<string>();
  #lastAsset: number;
  #telling: Promise<void> | null = null;

  constructor(ports: TimelineNewsPorts) {
    this.#ports = ports;
    this.#lastAsset = ports.catalog.assets.lastId();
  }

  /** The photo with this content stands otherwise at some destination. */
  changed(hash: string): void {
    this.#hashes.add(hash);
    this.look();
  }

  /** A picture of the asset with this opaque id was made. */
  pictured(asset: string): void {
    this.#pictures.add(asset);
    this.look();
  }

  /** There may be new photos. */
  look(): void {
    if (this.#stop.signal.aborted) return;
    this.#telling ??= this.#tellLater().finally(() => {
      this.#telling = null;
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#telling;
  }

  async #tellLater(): Promise<void> {
    try {
      await this.#ports.clock.sleep(tellEveryMs, this.#stop.signal);
    } catch {
      return;
    }
    this.#tell();
  }

  #tell(): void {
    const { announce } = this.#ports;
    const ids = [...this.#pictures];
    this.#pictures = new Set();
    for (let start = 0; start < ids.length; start += mostPictures) {
      announce('picturesMade', { ids: ids.slice(start, start + mostPictures) });
    }
    const days = this.#changedDays();
    if (days === null || days.length > 0) announce('timelineChanged', { days });
  }

  /** Null: too many to name. */
  #changedDays(): string[] | null {
    const { assets } = this.#ports.catalog;
    const hashes = this.#hashes;
    this.#hashes = new Set();
    const days = new Set(assets.daysAfter(this.#lastAsset, mostDays + 1));
    this.#lastAsset = assets.lastId();
    if (hashes.size > mostDays * 4) return null;
    for (const hash of hashes) {
      const wall = assets.byHash(hash)?.description.captured.wall;
      if (wall !== undefined) days.add(wall.slice(0, 10));
    }
    return days.size > mostDays ? null : [...days];
  }
}
