import { fail } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readRange } from '../common/byte-range.ts';
import type { GetBytes } from '../common/byte-range.ts';
import { SharedProbe } from '../common/shared-probe.ts';
import { systemFolder } from '../contract.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { ImmichConnection, maxSockets } from './connection.ts';
import { containerHeadBytes } from './container.ts';
import { encodedKey, idInKey, photoFolder, photoKey } from './keys.ts';
import {
  assetOf,
  containedInfo,
  containersOf,
  containersUnder,
  photoInfo,
  photosOf,
} from './library.ts';
import { LivePhotos } from './live-photos.ts';
import { putContainer } from './put-container.ts';
import { putPhoto } from './put-photo.ts';
import { learnServer, quotaOfUser } from './server.ts';
import type { ImmichServer } from './server.ts';
import type { ImmichSettings } from './settings.ts';

/**
 * The photo library of one user on an Immich server, by its HTTP API, versions 2 and 3
 * (https://api.immich.app; `build/docs/adr/0037-immich.md`).
 *
 * Photos and videos become assets of the library, under keys that Immich gives: `assets/<id>.<extension>`. What is
 * no photo (the journal, sidecars) becomes a hidden image that holds it, under the key that was asked for.
 * A photo that Cloudroll did not bring there is never removed.
 */
export class ImmichDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'checked',
    resumable: false,
    serverHash: ['sha1'],
    list: true,
    remove: true,
    maxBytes: Number.MAX_SAFE_INTEGER,
    concurrency: { initial: 4, max: maxSockets },
  };
  readonly #connection: ImmichConnection;
  readonly #context: Pick<OpenContext, 'purpose' | 'random' | 'logger'>;
  readonly #livePhotos = new LivePhotos();
  /** Ids of the photos that this instance brought there. */
  readonly #made = new Set<string>();
  readonly #probe: SharedProbe;
  #server: ImmichServer | undefined;

  constructor(
    settings: ImmichSettings,
    context: Pick<OpenContext, 'purpose' | 'random' | 'logger' | 'secrets' | 'clock'>,
  ) {
    this.#connection = new ImmichConnection(settings, context.secrets, context.clock);
    this.#context = context;
    this.#probe = new SharedProbe(async (signal) => {
      this.#server = await learnServer(this.#connection, context.purpose, signal);
    });
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#probe.again(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const { owner } = await this.#learned(signal);
    const id = idInKey(key);
    if (id !== null) {
      const asset = await assetOf(this.#connection, id, owner, signal);
      return asset === null ? null : photoInfo(key, asset);
    }
    const [container] = await containersUnder(this.#connection, key, owner, signal);
    return container === undefined ? null : containedInfo(key, container);
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    const server = await this.#learned(signal);
    const tools = { connection: this.#connection, random: this.#context.random, server };
    const job = { key, source, options };
    const isMedia = /^(?:image|video)\//u.test(source.mime);
    if (key.startsWith(systemFolder) || !isMedia) return putContainer(tools, job, signal);
    const photoTools = {
      ...tools,
      livePhotos: this.#livePhotos,
      logger: this.#context.logger,
      onMade: (id: string) => this.#made.add(id),
    };
    return putPhoto(photoTools, job, signal);
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    throwIfCancelled(signal);
    const { owner } = await this.#learned(signal);
    if (range?.end !== undefined && range.end <= range.start) return;
    const id = idInKey(key);
    if (id !== null) {
      yield* this.#original(id, range, signal);
      return;
    }
    const [container] = await containersUnder(this.#connection, key, owner, signal);
    if (container === undefined) throw fail('notFound', `Immich holds no ${key}.`);
    const { bytes } = containedInfo(key, container);
    const start = range?.start ?? 0;
    const end = Math.min(range?.end ?? bytes, bytes);
    if (start >= end) return;
    const head = containerHeadBytes(key);
    const inside = { start: head + start, end: head + end };
    yield* this.#original(container.id, inside, signal);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    throwIfCancelled(signal);
    const { owner } = await this.#learned(signal);
    if (photoFolder.startsWith(prefix) || prefix.startsWith(photoFolder)) {
      for await (const asset of photosOf(this.#connection, owner, signal)) {
        const key = photoKey(asset);
        if (key.startsWith(prefix)) yield photoInfo(key, asset);
      }
    }
    const named = { owner, encodedPrefix: encodedKey(prefix) };
    for (const [key, asset] of await containersOf(this.#connection, named, signal)) {
      yield containedInfo(key, asset);
    }
  }

  async quota(signal: AbortSignal): Promise<Quota | null> {
    return quotaOfUser(this.#connection, signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const { owner } = await this.#learned(signal);
    const id = idInKey(key);
    const ids =
      id === null
        ? (await containersUnder(this.#connection, key, owner, signal)).map((asset) => asset.id)
        : await this.#removable(id, owner, signal);
    if (ids.length === 0) return;
    await this.#connection.command('DELETE', '/assets', { ids, force: true }, signal);
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  /** A photo in the library may be the person's own, whatever led to it. */
  async #removable(id: string, owner: string, signal: AbortSignal): Promise<string[]> {
    if (this.#made.has(id)) return [id];
    if ((await assetOf(this.#connection, id, owner, signal)) === null) return [];
    throw fail('unsupported', 'Cloudroll removes no photos from Immich.', {
      hint: 'Remove it in Immich, if that is what you want.',
    });
  }

  #original(id: string, range: ByteRange | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const request = { method: 'GET', path: `/assets/${id}/original` };
    const get: GetBytes = (headers, statuses) =>
      this.#connection.send(
        { ...request, headers: { ...headers, accept: '*/*' } },
        statuses,
        signal,
      );
    return readRange(range, get, signal, { mayIgnoreRange: true });
  }

  async #learned(signal: AbortSignal): Promise<ImmichServer> {
    await this.#probe.ensure(signal);
    if (this.#server === undefined) throw fail('bug', 'Immich was asked, but nothing was learned.');
    return this.#server;
  }
}
