import { z } from 'zod';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { orCancelled } from '../cancellation.ts';
import { connectionFailure } from '../common/http-failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { readAnswer, SignedApi, type ApiRequest } from '../common/signed-api.ts';
import type { OpenContext } from '../open-context.ts';
import { gphotosFailure, signInFirst } from './gphotos-failure.ts';
import { gphotosSignIn } from './gphotos-sign-in.ts';

export type GphotosContext = Pick<
  OpenContext,
  'clock' | 'random' | 'secrets' | 'endpoints' | 'accessTokens'
>;

const albumSchema = z.object({
  id: z.string().min(1).max(1000),
  title: z.string().optional(),
  isWriteable: z.boolean().optional(),
  /** Absent for an empty album. */
  mediaItemsCount: z
    .string()
    .regex(/^\d{1,15}$/u)
    .optional(),
});
export type Album = z.infer<typeof albumSchema>;

const albumPageSchema = z.object({
  albums: z.array(albumSchema).optional(),
  nextPageToken: z.string().max(5000).optional(),
});
const itemPageSchema = z.object({
  mediaItems: z
    .array(z.object({ id: z.string().min(1).max(1000), filename: z.string().optional() }))
    .optional(),
  nextPageToken: z.string().max(5000).optional(),
});
const createdSchema = z.object({
  newMediaItemResults: z
    .array(
      z.object({
        uploadToken: z.string().optional(),
        // The code is left out where it is 0.
        status: z.object({ code: z.int().optional() }).optional(),
        mediaItem: z.object({ id: z.string().min(1).max(1000) }).optional(),
      }),
    )
    .optional(),
});
export type CreatedItem = NonNullable<z.infer<typeof createdSchema>['newMediaItemResults']>[number];

/** More pages than the largest album has. */
const mostPages = 1000;
/** Longest upload token that is taken, bytes. */
const longestToken = 16 * 1024;
const json = { 'content-type': 'application/json' };

/** The requests of the Google Photos Library API (developers.google.com/photos/library/reference/rest). */
export class PhotosApi {
  readonly origin: string;
  readonly #api: SignedApi;

  constructor({ clock, endpoints, accessTokens }: GphotosContext, maxSockets: number) {
    this.origin = endpoints?.('gphotos') ?? 'https://photoslibrary.googleapis.com';
    const tokens = accessTokens?.(gphotosSignIn(endpoints ?? (() => undefined)));
    if (tokens === undefined) {
      throw fail('auth', 'Nobody has signed in to Google Photos.', { hint: signInFirst });
    }
    const explain = (refusal: Parameters<typeof gphotosFailure>[0]) =>
      gphotosFailure(refusal, clock.now());
    this.#api = new SignedApi({ origin: this.origin, maxSockets, tokens, explain });
  }

  async album(id: string, signal: AbortSignal): Promise<Album> {
    const path = `/v1/albums/${encodeURIComponent(id)}`;
    return this.#api.json(albumSchema, { method: 'GET', path }, [200], signal);
  }

  /** The albums that this client made. */
  async *albums(signal: AbortSignal): AsyncGenerator<Album> {
    let pageToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const query = new URLSearchParams({ pageSize: '50', ...(pageToken && { pageToken }) });
      const path = `/v1/albums?${query.toString()}`;
      const answer = await this.#api.json(albumPageSchema, { method: 'GET', path }, [200], signal);
      yield* answer.albums ?? [];
      pageToken = answer.nextPageToken;
      if (pageToken === undefined || pageToken === '') return;
    }
  }

  /** Sent once: after a lost reply nobody knows whether there is one album more. */
  async createAlbum(title: string, signal: AbortSignal): Promise<Album> {
    const request = once('/v1/albums', { album: { title } });
    return this.#withFreshToken(() => this.#api.json(albumSchema, request(), [200], signal));
  }

  /** Items of an album that this client made. */
  async *items(
    albumId: string,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly id: string; readonly filename?: string | undefined }> {
    let pageToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const body = { albumId, pageSize: 100, ...(pageToken && { pageToken }) };
      const request: ApiRequest = {
        method: 'POST',
        path: '/v1/mediaItems:search',
        headers: json,
        body: new TextEncoder().encode(JSON.stringify(body)),
      };
      const answer = await this.#api.json(itemPageSchema, request, [200], signal);
      yield* answer.mediaItems ?? [];
      pageToken = answer.nextPageToken;
      if (pageToken === undefined || pageToken === '') return;
    }
  }

  /** Sent once: after a lost reply nobody knows whether the items are there. */
  async createItems(
    albumId: string,
    items: readonly { readonly uploadToken: string; readonly fileName: string }[],
    signal: AbortSignal,
  ): Promise<readonly CreatedItem[]> {
    const newMediaItems = items.map((simpleMediaItem) => ({ simpleMediaItem }));
    const request = once('/v1/mediaItems:batchCreate', { albumId, newMediaItems });
    const reply = await this.#withFreshToken(() => this.#api.send(request(), [200, 207], signal));
    const answer = await orCancelled(readAnswer(createdSchema, reply), signal);
    return answer.newMediaItemResults ?? [];
  }

  /** A request about the bytes of an upload, with one of the expected statuses. */
  async upload(
    request: Omit<ApiRequest, 'method'>,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    return this.#api.send({ method: 'POST', ...request }, statuses, signal);
  }

  /** As {@link upload}, for bytes that can be given again. */
  async uploadAgain(
    request: () => Omit<ApiRequest, 'method'>,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    return this.#withFreshToken(() => this.upload(request(), statuses, signal));
  }

  close(): void {
    this.#api.close();
  }

  /** A refused sign-in (401, 403) means that nothing happened, and the next request brings another token. */
  async #withFreshToken<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (failureOf(error).code !== 'auth') throw error;
      return await run();
    }
  }
}

/** The upload token that a finished upload answers with, as text. */
export async function uploadTokenOf(reply: HttpReply): Promise<string> {
  let text: string;
  try {
    text = (await reply.bytes(longestToken)).toString('utf8').trim();
  } catch (error) {
    throw connectionFailure(error);
  }
  if (/^[\x21-\x7e]+$/u.test(text)) return text;
  throw fail('serverError', 'Google Photos answered an upload without saying what became of it.');
}

/** JSON as a stream, which no part of the connection ever sends a second time. */
function once(path: string, body: unknown): () => ApiRequest {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return () => ({
    method: 'POST',
    path,
    headers: json,
    body: { bytes: bytes.length, chunks: pieceOf(bytes) },
  });
}

async function* pieceOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}
