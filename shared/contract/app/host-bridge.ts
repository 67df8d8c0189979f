import type { Channel } from './channel.ts';

/** Sizes of a photo's picture; `original` are the file's own bytes. */
export type PictureSize = 'grid' | 'preview' | 'original';

/** What a menu, the tray, a link or the command line asks of the window. */
export type WindowCommand =
  | { readonly command: 'navigate'; readonly to: string }
  | { readonly command: 'upload'; readonly paths: readonly string[] }
  | { readonly command: 'find' }
  | { readonly command: 'shortcuts' };

/**
 * What a window gets from whoever opened it, beside the engine. Parts that a host does not have are null,
 * and the window shows what works without them; nothing else tells hosts apart. In Electron the preload
 * makes it, in a browser a script of the loopback host.
 */
export interface HostBridge {
  /** A pipe to the engine. Rejects while the engine is not there; the caller tries again. */
  connect(): Promise<Channel>;
  /** Address of a photo's picture, for `img` and `video`. */
  pictureUrl(asset: string, size: PictureSize): string;
  /** Full path of a file that was dropped or chosen; null where the host cannot know it. */
  readonly pathOf: ((file: object) => string | null) | null;
  /** Address that takes the bytes of an item of `uploads.receive` by PUT; null where paths are known. */
  readonly uploadUrl: ((batch: string, item: string) => string) | null;
  /** The system's own dialog; resolves to null when cancelled. */
  readonly chooseFolder: ((title: string) => Promise<string | null>) | null;
  readonly chooseFiles: ((title: string) => Promise<readonly string[]>) | null;
  /** Opens an address of the product's own texts, or a provider's sign-in page, in the browser. */
  openExternal(address: string): void;
  /** Puts a picture on the clipboard as the system wants it. */
  readonly copyPicture: ((asset: string) => Promise<void>) | null;
  /** Makes a file of an image (PNG) that was pasted; resolves to its path. Null where `uploadUrl` takes bytes. */
  readonly keepPasted: ((image: Uint8Array<ArrayBuffer>) => Promise<string>) | null;
  /** Shows the main window at its photos, or at one of them; null where there is one window alone. */
  readonly showPhotos: ((asset: string | null) => void) | null;
  /** Commands from menus, the tray, links. */
  onCommand(listener: (command: WindowCommand) => void): () => void;
  /** Languages the person prefers, best first. */
  readonly languages: readonly string[];
}
