import type { Keychain } from '../secrets/keychain.ts';
import type { DirectoryWatcher } from '../ports/directory-watcher.ts';
import type { SpawnThumbnailProcess } from '../media/thumbnails/thumbnail-process.ts';
import type { DestinationRegistry } from '../destinations/registry.ts';
import type { Clock } from '../ports/clock.ts';
import type { BuiltClients } from '../sign-in/oauth-client.ts';

/** What a host tells the engine that it opens as an application. */
export interface AppOptions {
  /** Absolute path; made where there is none. One process at a time has it open. */
  readonly dataDirectory: string;
  /** For people and other devices, e.g. the host name. */
  readonly deviceName: string;
  /** Node's name of the platform. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The person's home directory. */
  readonly home: string;
  /** Where files that are dropped into a browser, or pasted, are kept. Made when it is first needed. */
  readonly uploadsFolder: string;
  readonly version: string;
  /** Shows a file in the computer's file manager; default: as the platform does it. */
  readonly reveal?: (path: string, signal: AbortSignal) => Promise<void>;
  /** How processes that render thumbnails are started; default: as children of plain Node. */
  readonly spawnThumbnails?: SpawnThumbnailProcess;
  /** Default: the system's own. */
  readonly keychain?: Keychain;
  /** Default: the system's own. */
  readonly clock?: Clock;
  /** Default: chokidar's. */
  readonly watcher?: DirectoryWatcher;
  /** Default: all that the product brings along. */
  readonly registry?: DestinationRegistry;
  /** OAuth clients that the build brings along; default: those of this build. */
  readonly builtClients?: BuiltClients;
}
