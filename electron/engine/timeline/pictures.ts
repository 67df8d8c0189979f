import { stat } from 'node:fs/promises';

import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { PictureFile } from '../app/app.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import { recordPicture } from '../sync/record-picture.ts';
import { LatestFirst } from './latest-first.ts';
import { idOf, opaqueId } from './opaque-id.ts';
import { originalOf } from './original.ts';

export interface PicturesPorts {
  readonly catalog: Catalog;
  readonly fileSystem: FileSystem;
  readonly thumbnailer: Thumbnailer;
  /** Called for an asset whose picture was made just now, for `picturesMade`. */
  readonly onMade: (asset: string) => void;
}

/** Pictures in the making at once, beside those that are made in the background. */
const atOnce = 2;

interface Photo {
  readonly id: number;
  readonly hash: ContentHash;
  readonly mime: string;
}

/** Pictures of assets as files that a host hands out. */
export class Pictures {
  readonly #ports: PicturesPorts;
  readonly #making = new LatestFirst(atOnce);

  constructor(ports: PicturesPorts) {
    this.#ports = ports;
  }

  /**
   * A picture of an asset, made now where there is none yet; null where there can be none. What was asked for
   * last is made first: that is what somebody looks at.
   */
  async find(asset: string, size: PictureSize, signal: AbortSignal): Promise<PictureFile | null> {
    const photo = this.#photoOf(idOf(asset));
    if (photo === null) return null;
    if (size === 'original') return this.#original(photo);
    return (await this.#cached(photo, size)) ?? (await this.#made(photo, size, signal));
  }

  #photoOf(id: number): Photo | null {
    const { timeline, assets } = this.#ports.catalog;
    if (timeline.keyOf(id) === null) return null;
    const { hash, description } = assets.byId(id);
    return { id, hash, mime: description.type.mime };
  }

  /** The file's own bytes, only from a file that still is what it was when it was read. */
  async #original({ id, hash, mime }: Photo): Promise<PictureFile | null> {
    const original = await originalOf(id, this.#ports);
    if (original === null) return null;
    return { path: original.path, size: original.file.size, mime, tag: hash };
  }

  async #cached({ hash }: Photo, size: 'grid' | 'preview'): Promise<PictureFile | null> {
    const path = await this.#ports.thumbnailer.find(hash, size);
    const found = path === null ? null : await stat(path).catch(() => null);
    if (path === null || found === null) return null;
    const tag = `${hash}-${size}-${String(found.size)}`;
    return { path, size: found.size, mime: 'image/jpeg', tag };
  }

  async #made(
    photo: Photo,
    size: 'grid' | 'preview',
    signal: AbortSignal,
  ): Promise<PictureFile | null> {
    const { catalog } = this.#ports;
    if (catalog.records.picture(photo.id)?.state === 'placeholder') return null;
    const key = `${photo.hash}.${size}`;
    await this.#making.run(key, (stop) => this.#make(photo, size, stop), signal);
    return this.#cached(photo, size);
  }

  async #make(photo: Photo, size: 'grid' | 'preview', signal: AbortSignal): Promise<void> {
    const { catalog, thumbnailer, onMade } = this.#ports;
    const original = await originalOf(photo.id, this.#ports);
    if (original === null) return;
    const before = catalog.records.picture(photo.id)?.state;
    const made = await thumbnailer.make(
      original.path,
      photo.hash,
      signal,
      size === 'grid' ? 'grid' : 'all',
    );
    recordPicture(catalog.assets, photo.id, made);
    if (made.placeholderReason === null && before !== 'made') onMade(opaqueId(photo.id));
  }
}
