import type { DestinationStatus } from '../../../../shared/contract/app/destinations.ts';
import type { WatchedFolder } from '../../../../shared/contract/app/folders.ts';
import type { Question, SyncStatus } from '../../../../shared/contract/app/status.ts';
import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { StandingRequest } from '../../catalog/standing.ts';
import type { DestinationRegistry } from '../../destinations/registry.ts';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Announcer } from '../announcer.ts';
import type { LiveState } from './live-state.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { StandingKeeper } from './standing-keeper.ts';
import {
  describeDestinations,
  describeStatus,
  type DestinationFacts,
  type FolderFacts,
  type StatusFacts,
} from './status.ts';

/** Between two tellings of the status, milliseconds. */
const tellEveryMs = 250;

export interface StatusPorts {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: DestinationRegistry;
  readonly store: SettingsStore;
  readonly live: LiveState;
  readonly keeper: StandingKeeper;
  readonly announcer: Announcer;
  readonly pause: () => SyncStatus['pause'];
  readonly online: () => boolean;
  /** By URL. */
  readonly quota: (url: string) => DestinationStatus['quota'];
  readonly verifying: (destination: string) => DestinationStatus['verifying'];
}

/** Puts the status together from what is known and tells it, a few times a second at most. */
export class StatusBoard {
  readonly #ports: StatusPorts;
  readonly #stop = new AbortController();
  #telling: Promise<void> | null = null;
  #changed = false;
  #complete = false;
  #safeBefore: number | null = null;

  constructor(ports: StatusPorts) {
    this.#ports = ports;
  }

  /** As it is now. */
  get status(): SyncStatus {
    return describeStatus(this.#facts());
  }

  folder(id: string): WatchedFolder | null {
    return this.status.folders.find((folder) => folder.id === id) ?? null;
  }

  destination(id: string): DestinationStatus | null {
    const described = describeDestinations(this.#destinationFacts(), this.#ports.keeper.standing);
    return described.find((destination) => destination.id === id) ?? null;
  }

  /** Something that the status shows may have changed. */
  changed(): void {
    this.#changed = true;
    if (this.#stop.signal.aborted) return;
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
      if (this.#changed) this.changed();
    });
  }

  /** Ids in the catalogue of what is to be counted. */
  request(): StandingRequest {
    return {
      rootIds: this.#folderFacts().flatMap(({ rootId }) => (rootId === null ? [] : [rootId])),
      destinationIds: this.rows().map(({ rowId }) => rowId),
      publisherIds: this.publisherRows().map(({ rowId }) => rowId),
    };
  }

  /** The backups among the destinations of the settings, with their rows in the catalogue. */
  rows(): { readonly id: string; readonly rowId: number }[] {
    return this.#rows('backup');
  }

  /** The same for those that only show photos. */
  publisherRows(): { readonly id: string; readonly rowId: number }[] {
    return this.#rows('publish');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#telling;
  }

  #rows(wanted: DestinationFacts['role']): { readonly id: string; readonly rowId: number }[] {
    return this.#destinationFacts().flatMap(({ stored, role, rowId }) =>
      rowId === null || role !== wanted ? [] : [{ id: stored.id, rowId }],
    );
  }

  async #tellAll(): Promise<void> {
    while (this.#changed && !this.#stop.signal.aborted) {
      this.#changed = false;
      try {
        const { status } = this;
        this.#noteComplete(status);
        this.#ports.announcer.announce('status', status);
      } catch (error) {
        this.#ports.logger.warn('status not told', { message: failureOf(error).message });
      }
      await this.#ports.clock.sleep(tellEveryMs, this.#stop.signal).catch(() => undefined);
    }
  }

  /** All is backed up, and was not a moment ago: worth remembering, and a notification. */
  #noteComplete(status: SyncStatus): void {
    const { catalog, clock, announcer } = this.#ports;
    const complete = status.activity === 'idle' && status.photos > 0;
    this.#safeBefore ??= this.#ports.keeper.standing === null ? null : status.safe;
    if (complete && !this.#complete) {
      catalog.activity.noteComplete(clock.now());
      const photos = status.safe - (this.#safeBefore ?? status.safe);
      if (photos > 0) announcer.announce('finished', { photos });
      this.#safeBefore = status.safe;
      this.#changed = true;
    }
    this.#complete = complete;
  }

  #facts(): StatusFacts {
    const { live, keeper, pause, online, catalog } = this.#ports;
    const { progress, running } = live;
    return {
      pause: pause(),
      online: online(),
      standing: keeper.standing,
      settled: keeper.settled,
      running,
      scanning: live.scanning && !live.sending,
      current: progress?.current ?? null,
      progress:
        progress === null || progress.bytesToDeliver === 0
          ? null
          : Math.min(1, progress.bytesDelivered / progress.bytesToDeliver),
      previews: live.previews,
      lastCompleteMs: catalog.activity.lastCompleteMs,
      folders: this.#folderFacts(),
      destinations: this.#destinationFacts(),
      questions: this.#questions(),
      notices: live.notices,
    };
  }

  /** A destination is named as people know it. */
  #questions(): Question[] {
    const names = new Map(this.#ports.store.get().destinations.map(({ url, name }) => [url, name]));
    return this.#ports.live.questions.map((question) => ({
      ...question,
      subject: names.get(question.subject) ?? question.subject,
    }));
  }

  #folderFacts(): FolderFacts[] {
    const { store, catalog, live } = this.#ports;
    const roots = new Map(catalog.files.roots().map(({ path, id }) => [path, id]));
    return store.get().folders.map((stored) => ({
      stored,
      rootId: roots.get(stored.path) ?? null,
      ...live.folder(stored.path),
    }));
  }

  #destinationFacts(): DestinationFacts[] {
    const { store, catalog, live, registry, quota, verifying } = this.#ports;
    const backups = new Map(catalog.deliveries.destinations().map(({ url, id }) => [url, id]));
    const publishers = new Map(
      catalog.publications.publishers().map(({ url, id }) => [url, id] as const),
    );
    const icons = new Map(
      registry.kinds.flatMap(({ cards }) => cards.map(({ id, icon }) => [id, icon] as const)),
    );
    return store.get().destinations.map((stored) => {
      const role = registry.roleOf(stored.url);
      const backupId = role === 'backup' ? (backups.get(stored.url) ?? null) : null;
      const { rate, ...seen } = live.destination(stored.url);
      return {
        stored,
        role,
        rowId: role === 'backup' ? backupId : (publishers.get(stored.url) ?? null),
        icon: icons.get(stored.card) ?? 'cloud',
        ...seen,
        rate: live.running ? rate : null,
        verifiedBytes: backupId === null ? 0 : catalog.totals.states(backupId).verified.bytes,
        lastVerifiedMs: backupId === null ? null : catalog.totals.lastProofMs(backupId),
        quota: quota(stored.url),
        verifying: verifying(stored.id),
      };
    });
  }
}
