import type { SyncPhase, SyncProgress } from '../../../shared/contract/sync-events.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Scope } from '../catalog/deliveries.ts';
import type { Clock } from '../ports/clock.ts';

interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** Counts what a run does. What is left is asked of the catalogue, so that the counters always add up. */
export class ProgressCounter {
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #destinationIds: readonly number[];
  readonly #elsewhere: readonly Amount[];
  readonly #startedAt: number;
  /** Bytes of assets that are on their way, by destination and asset. */
  readonly #partial = new Map<string, number>();
  phase: SyncPhase = 'connecting';
  filesFound = 0;
  directoriesScanned = 0;
  scanned = false;
  filesRead = 0;
  filesToRead = 0;
  delivered = 0;
  failed = 0;
  bytesDelivered = 0;
  previewsMade = 0;
  previewsToMake = 0;
  current: string | null = null;

  constructor(catalog: Catalog, clock: Clock, destinationIds: readonly number[], scope: Scope) {
    this.#catalog = catalog;
    this.#clock = clock;
    this.#destinationIds = destinationIds;
    this.#elsewhere = destinationIds.map((id) => catalog.deliveries.openElsewhere(id, scope));
    this.#startedAt = clock.monotonic();
  }

  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  sent(destinationId: number, assetId: number, bytes: number): void {
    this.#partial.set(`${String(destinationId)}/${String(assetId)}`, bytes);
  }

  finished(destinationId: number, assetId: number, uploadedBytes: number): void {
    this.#partial.delete(`${String(destinationId)}/${String(assetId)}`);
    this.delivered += 1;
    this.bytesDelivered += uploadedBytes;
  }

  gaveUp(destinationId: number, assetId: number): void {
    this.#partial.delete(`${String(destinationId)}/${String(assetId)}`);
    this.failed += 1;
  }

  snapshot(): SyncProgress {
    const open = this.#open();
    const partial = this.#partial.values().reduce((sum, bytes) => sum + bytes, 0);
    return {
      phase: this.phase,
      filesFound: this.filesFound,
      directoriesScanned: this.directoriesScanned,
      scanned: this.scanned,
      filesRead: this.filesRead,
      filesToRead: Math.max(this.filesToRead, this.filesRead),
      delivered: this.delivered,
      failed: this.failed,
      toDeliver: this.delivered + this.failed + open.count,
      bytesDelivered: this.bytesDelivered + Math.min(partial, open.bytes),
      bytesToDeliver: this.bytesDelivered + open.bytes,
      previewsMade: this.previewsMade,
      previewsToMake: Math.max(this.previewsToMake, this.previewsMade),
      current: this.current,
      elapsedMs: this.elapsedMs,
    };
  }

  #open(): Amount {
    let count = 0;
    let bytes = 0;
    for (const [position, id] of this.#destinationIds.entries()) {
      const { queued, uploading } = this.#catalog.totals.states(id);
      const elsewhere = this.#elsewhere[position];
      count += Math.max(0, queued.count + uploading.count - (elsewhere?.count ?? 0));
      bytes += Math.max(0, queued.bytes + uploading.bytes - (elsewhere?.bytes ?? 0));
    }
    return { count, bytes };
  }
}
