import type { Announce } from '../../../shared/contract/app/events.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { FileSystem } from '../ports/file-system.ts';

/** What the questions about photos need of the engine. */
export interface TimelinePorts {
  readonly catalog: Catalog;
  readonly fileSystem: FileSystem;
  /** Carries `exported`. */
  readonly announce: Announce;
  /** Shows a file in the computer's file manager. */
  readonly reveal: (path: string, signal: AbortSignal) => Promise<void>;
  /** Destinations that everything is meant for now. */
  readonly destinations: () => readonly CurrentDestination[];
}

export interface CurrentDestination {
  /** As windows name it. */
  readonly id: string;
  /** As the catalogue keeps it. */
  readonly url: string;
  readonly name: string;
}
