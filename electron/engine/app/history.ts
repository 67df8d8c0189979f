import type { Announce } from '../../../shared/contract/app/events.ts';
import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import type { SyncSummary } from '../../../shared/contract/sync-events.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { ActivityKind, ActivityLine } from '../catalog/activity.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import { parseFailure } from '../sync/report.ts';
import type { SettingsStore } from './settings/settings-store.ts';

type About = Partial<Pick<ActivityLine, 'photos' | 'bytes' | 'destination'>> & {
  readonly failure?: Failure;
};

/** Writes and shows what happened. */
export class History {
  readonly #catalog: Catalog;
  readonly #store: SettingsStore;
  readonly #clock: Clock;
  readonly #announce: Announce;

  constructor(catalog: Catalog, store: SettingsStore, clock: Clock, announce: Announce) {
    this.#catalog = catalog;
    this.#store = store;
    this.#clock = clock;
    this.#announce = announce;
  }

  get handlers(): Pick<AppHandlers, 'activity.page'> {
    return {
      'activity.page': ({ cursor, limit }) => Promise.resolve(this.#page(cursor, limit)),
    };
  }

  add(kind: ActivityKind, about: About = {}): void {
    this.#catalog.activity.add({
      atMs: this.#clock.now(),
      kind,
      photos: about.photos ?? 0,
      bytes: about.bytes ?? 0,
      destination: about.destination ?? null,
      failure: about.failure === undefined ? null : JSON.stringify(about.failure),
    });
    this.#announce('activityAdded', {});
  }

  /** A run has ended; its destinations are named by their ids. */
  summed({ destinations }: SyncSummary): void {
    for (const [destination, { uploaded, bytesUploaded }] of Object.entries(destinations)) {
      if (bytesUploaded === 0) continue;
      this.add('backedUp', { destination, photos: uploaded, bytes: bytesUploaded });
    }
  }

  /** A destination as a whole came to a stop. */
  stopped(url: string, failure: Failure): void {
    const known = this.#store.get().destinations.find((one) => one.url === url);
    if (known !== undefined) this.add('failed', { destination: known.id, failure });
  }

  #page(cursor: string | null, limit: number): Awaited<ReturnType<AppHandlers['activity.page']>> {
    const before = cursor === null ? null : Number(cursor);
    const lines = this.#catalog.activity.page(Number.isNaN(before) ? null : before, limit);
    const last = lines.at(-1);
    return {
      entries: lines.map(({ id, failure, ...line }) => ({
        ...line,
        id: String(id),
        failure: parseFailure(failure),
      })),
      cursor: lines.length < limit || last === undefined ? null : String(last.id),
    };
  }
}
