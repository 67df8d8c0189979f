import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { PutOptions, ReopenableSource } from '../contract.ts';
import type {
  PublishableAsset,
  Publisher,
  ShownItem,
  ShowPlace,
  ShowResult,
  UploadedAsset,
} from '../publisher.ts';
import { refusalOf } from './accepted.ts';
import { itemFailure } from './gphotos-failure.ts';
import { gphotosRefreshToken } from './gphotos-sign-in.ts';
import { PhotosApi, type Album, type CreatedItem, type GphotosContext } from './photos-api.ts';
import type { GphotosSettings } from './settings.ts';
import { hashPrefixOf, shownName } from './shown-name.ts';
import { UploadSessions } from './upload-sessions.ts';
import { upload } from './upload.ts';

/** Items that an album holds (developers.google.com/photos/library/reference/rest/v1/mediaItems/batchCreate). */
const largestAlbum = 20_000;
const maxSockets = 4;

/**
 * An album in Google Photos that this client made. Google tells neither a hash nor the original bytes of what it
 * shows, so this is no backup; an item is recognised by the digits of its hash in its name.
 */
export class GphotosPublisher implements Publisher {
  readonly batchSize = 50;
  readonly uploadsAtOnce = 3;
  /** Google says one day. */
  readonly tokenLifeMs = 20 * 60 * 60 * 1000;
  readonly settleMs = 15_000;
  readonly #settings: GphotosSettings;
  readonly #context: GphotosContext;
  readonly #api: PhotosApi;
  readonly #sessions: UploadSessions;

  constructor(settings: GphotosSettings, context: GphotosContext) {
    this.#settings = settings;
    this.#context = context;
    this.#api = new PhotosApi(context, maxSockets);
    this.#sessions = new UploadSessions(context.random, () =>
      context.secrets.find(settings.name, gphotosRefreshToken),
    );
  }

  refusal(asset: PublishableAsset): ReturnType<typeof refusalOf> {
    return refusalOf(asset);
  }

  async check(signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    for await (const album of this.#api.albums(signal)) if (album.id !== '') return;
  }

  async open(remembered: string | null, signal: AbortSignal): Promise<ShowPlace> {
    throwIfCancelled(signal);
    const known = remembered === null ? undefined : await this.#known(remembered, signal);
    const album = known ?? (await this.#find(signal)) ?? (await this.#create(signal));
    const items = Number(album.mediaItemsCount ?? 0);
    if (items >= largestAlbum) {
      throw fail('quota', `The album "${this.#settings.album}" holds 20,000 items and is full.`, {
        hint: 'Add Google Photos once more, with another album.',
      });
    }
    return { id: album.id, items };
  }

  async *shown(place: string, signal: AbortSignal): AsyncGenerator<ShownItem> {
    for await (const { id, filename } of this.#api.items(place, signal)) {
      const hashPrefix = hashPrefixOf(filename ?? '');
      if (hashPrefix !== null) yield { id, hashPrefix };
    }
  }

  async upload(
    _asset: PublishableAsset,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<string> {
    throwIfCancelled(signal);
    return upload(this.#api, this.#sessions, source, options, signal);
  }

  async show(
    place: string,
    assets: readonly UploadedAsset[],
    signal: AbortSignal,
  ): Promise<readonly ShowResult[]> {
    throwIfCancelled(signal);
    const items = assets.map(({ token, name, hash }) => ({
      uploadToken: token,
      fileName: shownName(name, hash),
    }));
    const created = await this.#api.createItems(place, items, signal);
    const byToken = new Map(created.map((item) => [item.uploadToken, item] as const));
    return assets.map(({ token }) => resultOf(byToken.get(token)));
  }

  close(): Promise<void> {
    this.#api.close();
    return Promise.resolve();
  }

  /** Undefined where the person has deleted the album. */
  async #known(id: string, signal: AbortSignal): Promise<Album | undefined> {
    try {
      return await this.#api.album(id, signal);
    } catch (error) {
      if (['notFound', 'invalid'].includes(failureOf(error).code)) return undefined;
      throw error;
    }
  }

  /** The album of that title; of several, which only a race of two computers can make, always the same one. */
  async #find(signal: AbortSignal): Promise<Album | undefined> {
    let found: Album | undefined;
    for await (const album of this.#api.albums(signal)) {
      if (album.title !== this.#settings.album || album.isWriteable === false) continue;
      if (found === undefined || album.id < found.id) found = album;
    }
    return found;
  }

  /** After a lost reply it may be there all the same: that is looked up before another one is made. */
  async #create(signal: AbortSignal): Promise<Album> {
    try {
      return await this.#api.createAlbum(this.#settings.album, signal);
    } catch (error) {
      if (!['offline', 'timeout', 'serverError'].includes(failureOf(error).code)) throw error;
      await this.#context.clock.sleep(this.settleMs, signal);
      const made = await this.#find(signal);
      if (made !== undefined) return made;
      throw error;
    }
  }
}

function resultOf(item: CreatedItem | undefined): ShowResult {
  if (item === undefined) {
    // What it says nothing of may have happened all the same.
    throw fail('serverError', 'Google Photos did not say what became of every photo.');
  }
  const failure = itemFailure(item.status?.code ?? 0);
  if (failure !== null) return { shown: false, failure };
  return { shown: true, id: item.mediaItem?.id ?? null };
}
