import { join } from 'node:path';

import type { Sizes } from '../support/sizes.ts';
import { largeFiles } from './large-files.ts';
import { makeFolder, type InputFolder, type Planned } from './manifest.ts';
import { largePhotos, smallPhotos } from './photos.ts';

/** The files that everything works on, each folder made when it is first asked for. */
export class Inputs {
  readonly #folder: string;
  readonly #sizes: Sizes;
  readonly #signal: AbortSignal;
  readonly #made = new Map<string, Promise<InputFolder>>();

  constructor(folder: string, sizes: Sizes, signal: AbortSignal) {
    this.#folder = folder;
    this.#sizes = sizes;
    this.#signal = signal;
  }

  /** Photos of 12 megapixels. */
  library(): Promise<InputFolder> {
    const { photos } = this.#sizes;
    return this.#folderOf('photos', photos, () => largePhotos(photos));
  }

  /** Small photos in many folders. */
  tree(): Promise<InputFolder> {
    const { treeFiles } = this.#sizes;
    return this.#folderOf('tree', treeFiles, () => smallPhotos(treeFiles));
  }

  /** Small photos for a slow line. */
  smallFiles(): Promise<InputFolder> {
    const { smallFiles } = this.#sizes;
    return this.#folderOf('small', smallFiles, () => smallPhotos(smallFiles));
  }

  /** Files of hundreds of megabytes. */
  largeFiles(): Promise<InputFolder> {
    const { largeFileBytes } = this.#sizes;
    return this.#folderOf('large', largeFileBytes, () => largeFiles(largeFileBytes));
  }

  #folderOf(kind: string, size: number, plan: () => AsyncGenerator<Planned>): Promise<InputFolder> {
    // Inputs that stay are those of one size.
    const name = `${kind}-${String(size)}`;
    const made = this.#made.get(name) ?? makeFolder(join(this.#folder, name), plan, this.#signal);
    this.#made.set(name, made);
    return made;
  }
}
