import type { Failure } from '../domain/failure.ts';

/** What a run is doing, in the order in which a photo meets it. */
export type SyncPhase = 'connecting' | 'working' | 'previews' | 'done';

/** Where a run stands. Counters never go back and never exceed their totals. */
export interface SyncProgress {
  readonly phase: SyncPhase;
  /** Photos, videos and sidecars found so far; final once `scanned` is true. */
  readonly filesFound: number;
  readonly directoriesScanned: number;
  readonly scanned: boolean;
  /** Files whose content was read in this run. */
  readonly filesRead: number;
  readonly filesToRead: number;
  /** Deliveries (a photo at one destination) that were proven, failed, and are in this run's hands. */
  readonly delivered: number;
  readonly failed: number;
  readonly toDeliver: number;
  readonly bytesDelivered: number;
  readonly bytesToDeliver: number;
  /** Pictures for the timeline that were made behind the backup, and that are wanted. */
  readonly previewsMade: number;
  readonly previewsToMake: number;
  /** A file that is being worked on, for people. */
  readonly current: string | null;
  /** Milliseconds since the run began. */
  readonly elapsedMs: number;
}

/** The figures of a run at one destination, or by the worst of all. */
export interface SyncTotals {
  readonly uploaded: number;
  readonly alreadyBackedUp: number;
  readonly failed: number;
  /** Bytes of all files that this run sent and that were proven. */
  readonly bytesUploaded: number;
}

/**
 * What came of showing photos at one destination that is no backup;
 * `photos = published + alreadyPublished + failed + skipped`.
 */
export interface PublishTotals {
  /** Handed over in this run. */
  readonly published: number;
  readonly alreadyPublished: number;
  /** Not shown yet, whatever the reason. */
  readonly failed: number;
  /** Never taken there, for their format or size. */
  readonly skipped: number;
}

/** The result of a run. `found = photos + duplicates + skipped`; `photos = uploaded + alreadyBackedUp + failed`. */
export interface SyncSummary extends SyncTotals {
  readonly event: 'summary';
  readonly found: number;
  readonly photos: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly sidecars: number;
  /** Files that are no photo, video or sidecar. */
  readonly ignored: number;
  readonly seconds: number;
  /** By the destination's name. */
  readonly destinations: Readonly<Record<string, SyncTotals & { readonly error?: Failure }>>;
  /** By the name of each destination that only shows photos; absent without one. They have no part in the other figures. */
  readonly publishing?: Readonly<Record<string, PublishTotals & { readonly error?: Failure }>>;
  /** Only in a dry run: what would be uploaded. Then `photos = alreadyBackedUp + wouldUpload`. */
  readonly wouldUpload?: number;
}

/** Something that a run has to tell. Lines of `--json` are exactly these. */
export type SyncEvent =
  | ({ readonly event: 'progress' } & SyncProgress)
  | {
      readonly event: 'photo';
      readonly result: 'uploaded' | 'alreadyBackedUp';
      readonly destination: string;
      readonly path: string;
      readonly key: string;
      readonly hash: string;
      readonly bytes: number;
    }
  | {
      readonly event: 'failed';
      /** Null where the file itself could not be read. */
      readonly destination: string | null;
      readonly path: string;
      readonly failure: Failure;
    }
  /** A destination that only shows photos has taken one; that is no proof of anything. */
  | {
      readonly event: 'published';
      readonly destination: string;
      readonly path: string;
      readonly hash: string;
      readonly bytes: number;
    }
  | {
      readonly event: 'notPublished';
      readonly destination: string;
      readonly path: string;
      /** Whether it is never taken there, for its format or size. */
      readonly skipped: boolean;
      readonly failure: Failure;
    }
  | {
      readonly event: 'wouldUpload';
      readonly destination: string;
      readonly path: string;
      readonly key: string;
      readonly bytes: number;
    }
  /** The backup part of the run is over and reported on; only pictures for the timeline are still being made. */
  | { readonly event: 'delivered'; readonly seconds: number }
  | { readonly event: 'notice'; readonly destination: string | null; readonly failure: Failure }
  | SyncSummary;
