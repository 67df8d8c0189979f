import type { Announce } from '../../../shared/contract/app/events.ts';
import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import type { AppHandlers } from '../../../shared/contract/app/methods.ts';

/** A file that a host hands out as a picture or video, with support for ranges. */
export interface PictureFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mime: string;
  /** Changes whenever the bytes do, for `ETag`. */
  readonly tag: string;
}

/** What the engine cannot see by itself and its host tells it. */
export interface Surroundings {
  readonly onBattery: boolean;
  /** The computer is about to sleep: nothing new is begun. */
  readonly suspended: boolean;
  /** False only where the system is sure that there is no network. */
  readonly online: boolean;
}

/** The engine as an application: settings, folders, destinations, the running sync, and questions about photos. */
export interface App {
  readonly handlers: AppHandlers;
  /** Tells a window everything from now on, until the returned function is called. */
  subscribe(announce: Announce): () => void;
  /** A picture of an asset, made now where there is none yet; null where there can be none. */
  picture(asset: string, size: PictureSize, signal: AbortSignal): Promise<PictureFile | null>;
  /** Takes the bytes of an item of `uploads.receive`. Fails as data (`CloudrollError`). */
  receive(
    batch: string,
    item: string,
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;
  surroundings(now: Surroundings): void;
  /** Parks every transfer, closes the catalogue and gives the data directory free. */
  close(): Promise<void>;
}
