import type { Failure } from '../../../shared/domain/failure.ts';

/** Something that only a person can decide; a run that has the answer is told by `SyncOptions`. */
export interface SyncQuestion {
  readonly kind: 'vanished' | 'emptiedFolder' | 'otherDrive' | 'emptiedDestination';
  /** Path of the folder, or URL of the destination. */
  readonly subject: string;
  readonly failure: Failure;
}

/** Follows a run more closely than its events tell, for hosts that show it live. */
export interface SyncObserver {
  /** A run begins. `whole`: it looks at every folder, not only where a watcher led. */
  onRun?(whole: boolean): void;
  /** `scanning`: it is looked through; `done`: to its end; a failure: nothing can be said of it now. */
  onFolder?(path: string, state: 'scanning' | 'done' | Failure): void;
  /** Null: it was reached and recognised; a failure: it came to a stop. */
  onDestination?(url: string, stopped: Failure | null): void;
  onQuestion?(question: SyncQuestion): void;
  /** An asset got its picture, or the placeholder that it will have. */
  onPicture?(assetId: number): void;
}
