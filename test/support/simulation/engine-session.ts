import type { DatabaseSync } from 'node:sqlite';

import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import type { FileSystem } from '../../../electron/engine/ports/file-system.ts';
import type { MediaReader } from '../../../electron/engine/ports/media-reader.ts';
import type { Random } from '../../../electron/engine/ports/random.ts';
import type { Failure } from '../../../shared/domain/failure.ts';

/** Everything one run of the engine on one simulated computer gets. */
export interface EngineSession {
  readonly deviceName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly fileSystem: FileSystem;
  readonly mediaReader: MediaReader;
  /** An open connection to this computer's catalogue. */
  readonly database: DatabaseSync;
  /** Stands for what a process may keep in memory between two runs; another object after a crash. */
  readonly memory: object;
  /** The disk below the catalogue. */
  readonly catalogueDisk: CatalogueDisk;
  /** The engine told a person that this content is backed up there. */
  readonly onBackedUp: (url: string, hash: string) => void;
  readonly destinations: readonly {
    readonly url: string;
    readonly name: string;
    readonly destination: Destination;
  }[];
  /** Folders to back up. */
  readonly roots: readonly string[];
  /** True when the user has confirmed that files which vanished are really gone. */
  readonly confirmVanished: boolean;
}

/** What the disk below a catalogue hears of commits that do not wait for it. */
export interface CatalogueDisk {
  /** One is about to be made. */
  begin(): void;
  /** It was made. */
  made(): void;
  /** Resolves when all that were made before are durable. */
  sync(): Promise<void>;
}

/** The figures of one run that must add up; see the interface of `sync`. */
export interface RunFigures {
  readonly photos: number;
  readonly uploaded: number;
  readonly alreadyBackedUp: number;
  readonly failed: number;
}

export interface RunSummary extends RunFigures {
  readonly found: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly destinations: readonly (RunFigures & { readonly stopped: Failure | null })[];
}

/** Runs the engine once, to its end. */
export type RunEngine = (session: EngineSession, signal: AbortSignal) => Promise<RunSummary>;
