import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { z } from 'zod';

import { listenOnLoopback } from '../network/loopback.ts';
import type { Loopback } from '../network/loopback.ts';
import { GoogleAccounts, type GoogleGrant } from './google/google-accounts.ts';
import { PhotosUploads, type UploadAnswer } from './google/photos-uploads.ts';
import { errorInfo, rpcError, RpcError } from './google/rpc-error.ts';

const scope = 'https://www.googleapis.com/auth/photoslibrary';
export const photosScopes = [
  ...['openid', 'email', `${scope}.appendonly`],
  ...[`${scope}.readonly.appcreateddata`, `${scope}.edit.appcreateddata`],
];

/** An item in the library. */
export interface PhotoItem {
  readonly id: string;
  readonly filename: string;
  readonly sha256: string;
  readonly album: string | null;
}

/** A request, before it has any effect. */
export interface PhotosRequest {
  readonly method: string;
  readonly path: string;
  /** Counted from 1. */
  readonly number: number;
}

/** What the service may do that is hard on a client. */
export interface PhotosMoods {
  /** Breaks the connection after so many bytes of the body (0: at once), and nothing happens. */
  cut: (request: PhotosRequest) => number | null;
  /** Breaks the connection after the request had its effect. */
  losesReply: (request: PhotosRequest) => boolean;
  /** Answers with this status and does nothing. */
  refuses: (request: PhotosRequest) => number | null;
  /** Requests that are left for today; all who share a client share them. */
  leftToday: number;
  /** The account has no space any more. */
  full: boolean;
  /** Shows no files of these names: they are damaged, or a RAW format that is not among the "some". */
  cannotShow: (filename: string) => boolean;
  /** The same bytes give the same item, as the guide promises; the worst case is that they do not. */
  deduplicates: boolean;
  /** Seconds that a refusal with 429 asks to wait. */
  retryAfter: number | null;
}

const batchSchema = z.strictObject({
  albumId: z.string().min(1),
  newMediaItems: z
    .array(
      z.strictObject({
        description: z.string().max(1000).optional(),
        simpleMediaItem: z.strictObject({ uploadToken: z.string(), fileName: z.string().max(255) }),
      }),
    )
    .min(1)
    .max(50),
});
const searchSchema = z.strictObject({
  albumId: z.string().min(1),
  pageSize: z.int().min(1).max(100).optional(),
  pageToken: z.string().optional(),
});
const newAlbumSchema = z.strictObject({ album: z.strictObject({ title: z.string().max(500) }) });

/**
 * The Google Photos Library API, version 1, in memory, as it is since 31 March 2025, after its public pages
 * (developers.google.com/photos/library/guides/upload-media, …/guides/resumable-uploads, …/reference/rest,
 * developers.google.com/photos/overview/authorization, …/overview/api-limits-quotas, …/overview/errors): uploads in
 * both ways, mediaItems.batchCreate, mediaItems.search in an album, albums.create, list and get, for what the client
 * itself made. It refuses missing scopes and headers, wrong offsets and lengths, chunks off the granularity, more
 * than 50 items, two batchCreate calls at once for one user, upload tokens that it did not give, albums of others,
 * and more requests than a day has.
 */
export class GooglePhotosDouble {
  readonly accounts = new GoogleAccounts();
  readonly uploads = new PhotosUploads(() => `http://127.0.0.1:${String(this.port)}`);
  readonly items: PhotoItem[] = [];
  readonly albums: { readonly id: string; readonly title: string; readonly clientId: string }[] =
    [];
  readonly seen: PhotosRequest[] = [];
  readonly moods: PhotosMoods = gentleMoods();
  #creating = false;
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });
  port = 0;
  close: Loopback['close'] = () => Promise.resolve();

  static async start(): Promise<GooglePhotosDouble> {
    const double = new GooglePhotosDouble();
    const { port, close } = await listenOnLoopback(double.#server);
    return Object.assign(double, { port, close });
  }

  behave(change: Partial<PhotosMoods>): void {
    Object.assign(this.moods, gentleMoods(), change);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const ofAccounts = ['/token', '/revoke', '/v1/userinfo'].includes(url.pathname);
    const number = this.seen.length + 1;
    const seen = { method: request.method ?? '', path: url.pathname, number };
    if (!ofAccounts) this.seen.push(seen);
    const cutAfter = ofAccounts ? null : this.moods.cut(seen);
    const { body, whole } = await bodyOf(request, cutAfter);
    if (ofAccounts) {
      this.accounts.handle(request, response, url.pathname, body);
      return;
    }
    try {
      const answer = this.#answer(request, url, seen, body, whole);
      if (!whole || this.moods.losesReply(seen)) response.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const headers = { 'content-type': 'application/json; charset=UTF-8', ...error.headers };
      if (whole) response.writeHead(error.status, headers).end(JSON.stringify(error.body));
      else response.destroy();
    } finally {
      if (url.pathname === '/v1/mediaItems:batchCreate') this.#creating = false;
    }
  }

  #answer(
    request: IncomingMessage,
    url: URL,
    seen: PhotosRequest,
    body: Buffer,
    whole: boolean,
  ): Answer {
    const grant = this.#permit(request, seen);
    const { method, path } = seen;
    if (method === 'POST' && path === '/v1/uploads') {
      requireScope(grant, 'appendonly');
      const id = url.searchParams.get('upload_id');
      if (id !== null) return plain(this.uploads.go(request, id, body, whole));
      if (!whole) return plain({ headers: {}, body: '' });
      switch (request.headers['x-goog-upload-protocol']) {
        case 'raw':
          return plain(this.uploads.whole(request, body));
        case 'resumable':
          return plain(this.uploads.start(request, body));
        default:
          throw rpcError(400, 'INVALID_ARGUMENT', 'Unknown upload protocol.');
      }
    }
    if (!whole) return json({});
    if (method === 'GET' && path === '/v1/albums') return this.#listAlbums(grant, url);
    if (method === 'POST' && path === '/v1/albums') return this.#createAlbum(request, grant, body);
    if (method === 'POST' && path === '/v1/mediaItems:search') {
      return this.#search(request, grant, body);
    }
    if (method === 'POST' && path === '/v1/mediaItems:batchCreate') {
      return this.#create(request, grant, body);
    }
    const [, id = ''] = /^\/v1\/albums\/([\w-]+)$/u.exec(path) ?? [];
    if (method === 'GET' && id !== '') {
      requireScope(grant, 'readonly.appcreateddata');
      return json(this.#albumOf(id, grant));
    }
    throw rpcError(404, 'NOT_FOUND', 'Method not found.');
  }

  #permit(request: IncomingMessage, seen: PhotosRequest): GoogleGrant {
    const status = this.moods.refuses(seen);
    const { retryAfter } = this.moods;
    const headers: Record<string, string> =
      retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
    if (status === 429) throw rpcError(429, 'RESOURCE_EXHAUSTED', 'Slow down.', { headers });
    if (status !== null) throw rpcError(status, 'INTERNAL', 'Internal error.', { headers });
    const grant = this.accounts.whoSent(request);
    if (grant === undefined) throw rpcError(401, 'UNAUTHENTICATED', 'Invalid credentials.');
    if (this.moods.leftToday <= 0) {
      const details = [errorInfo('RATE_LIMIT_EXCEEDED', { quota_unit: '1/d/{project}' })];
      throw rpcError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for requests per day.', {
        details,
      });
    }
    this.moods.leftToday -= 1;
    return grant;
  }

  #listAlbums(grant: GoogleGrant, url: URL): Answer {
    requireScope(grant, 'readonly.appcreateddata');
    const size = Number(url.searchParams.get('pageSize') ?? 20);
    if (!Number.isInteger(size) || size < 1 || size > 50) throw invalid('pageSize');
    const mine = this.albums.filter(({ clientId }) => clientId === grant.clientId);
    const { page, next } = pageOf(mine, url.searchParams.get('pageToken'), size);
    const albums = page.map(({ id }) => this.#albumOf(id, grant));
    return json({ ...(albums.length === 0 ? {} : { albums }), ...next });
  }

  #createAlbum(request: IncomingMessage, grant: GoogleGrant, body: Buffer): Answer {
    requireScope(grant, 'appendonly');
    const { title } = parsed(newAlbumSchema, request, body).album;
    const id = `album-${randomUUID()}`;
    this.albums.push({ id, title, clientId: grant.clientId });
    return json(this.#albumOf(id, grant));
  }

  #albumOf(id: string, { clientId }: GoogleGrant): object {
    const album = this.albums.find((one) => one.id === id && one.clientId === clientId);
    if (album === undefined) throw rpcError(404, 'NOT_FOUND', 'Requested entity was not found.');
    const count = this.items.filter((item) => item.album === id).length;
    return {
      id,
      title: album.title,
      productUrl: `https://photos.google.com/lr/album/${id}`,
      isWriteable: true,
      // Left out for an empty album.
      ...(count === 0 ? {} : { mediaItemsCount: String(count) }),
    };
  }

  #search(request: IncomingMessage, grant: GoogleGrant, body: Buffer): Answer {
    requireScope(grant, 'readonly.appcreateddata');
    const { albumId, pageSize = 25, pageToken } = parsed(searchSchema, request, body);
    this.#albumOf(albumId, grant);
    const all = this.items.filter((item) => item.album === albumId);
    const { page, next } = pageOf(all, pageToken ?? null, pageSize);
    const mediaItems = page.map(({ id, filename }) => ({ id, filename }));
    return json({ ...(mediaItems.length === 0 ? {} : { mediaItems }), ...next });
  }

  #create(request: IncomingMessage, grant: GoogleGrant, body: Buffer): Answer {
    if (this.#creating) throw rpcError(429, 'RESOURCE_EXHAUSTED', 'Concurrent write request.');
    this.#creating = true;
    requireScope(grant, 'appendonly');
    const { albumId, newMediaItems } = parsed(batchSchema, request, body);
    this.#albumOf(albumId, grant);
    const results = newMediaItems.map(({ simpleMediaItem }) =>
      this.#createOne(albumId, simpleMediaItem),
    );
    const some = results.some(({ mediaItem }) => mediaItem === undefined);
    return json({ newMediaItemResults: results }, some ? 207 : 200);
  }

  #createOne(
    album: string,
    { uploadToken, fileName }: { readonly uploadToken: string; readonly fileName: string },
  ): Result {
    const bytes = this.uploads.tokens.get(uploadToken);
    const failed = (code: number, message: string): Result => ({
      uploadToken,
      status: { code, message },
    });
    if (bytes === undefined) return failed(3, 'NOT_FOUND: invalid upload token');
    if (this.moods.full) return failed(8, 'The remaining storage in the account is not enough.');
    if (this.moods.cannotShow(fileName)) return failed(3, 'Failed to create this media item.');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const twin = this.items.find((item) => item.sha256 === sha256);
    const item =
      this.moods.deduplicates && twin !== undefined
        ? twin
        : { id: `item-${randomUUID()}`, filename: fileName, sha256, album };
    if (item !== twin) this.items.push(item);
    const { id, filename } = item;
    return { uploadToken, status: { message: 'Success' }, mediaItem: { id, filename } };
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Result {
  readonly uploadToken: string;
  readonly status: { readonly code?: number; readonly message: string };
  readonly mediaItem?: { readonly id: string; readonly filename: string };
}

function gentleMoods(): PhotosMoods {
  return {
    cut: () => null,
    losesReply: () => false,
    refuses: () => null,
    leftToday: 10_000,
    full: false,
    cannotShow: () => false,
    deduplicates: false,
    retryAfter: null,
  };
}

/** The body, up to where the connection is to break or does break. */
async function bodyOf(
  request: IncomingMessage,
  cutAfter: number | null,
): Promise<{ readonly body: Buffer; readonly whole: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  if (cutAfter === 0) return { body: Buffer.alloc(0), whole: false };
  try {
    for await (const part of request) {
      if (!Buffer.isBuffer(part)) continue;
      parts.push(part);
      length += part.length;
      if (cutAfter !== null && length >= cutAfter) break;
    }
  } catch {
    return { body: Buffer.concat(parts), whole: false };
  }
  return { body: Buffer.concat(parts), whole: cutAfter === null };
}

function requireScope({ scopes }: GoogleGrant, name: string): void {
  if (scopes.includes(`${scope}.${name}`)) return;
  const details = [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT')];
  throw rpcError(403, 'PERMISSION_DENIED', 'Insufficient authentication scopes.', { details });
}

function parsed<T>(schema: z.ZodType<T>, { headers }: IncomingMessage, body: Buffer): T {
  if (headers['content-type'] !== 'application/json') throw invalid('content-type');
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw invalid('JSON payload');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(result.error.message);
  return result.data;
}

function invalid(what: string): RpcError {
  return rpcError(400, 'INVALID_ARGUMENT', `Invalid ${what}.`);
}

function pageOf<T>(
  all: readonly T[],
  token: string | null,
  size: number,
): { readonly page: readonly T[]; readonly next: { readonly nextPageToken?: string } } {
  const start = token === null ? 0 : Number(/^after-(\d+)$/u.exec(token)?.[1] ?? NaN);
  if (Number.isNaN(start)) throw invalid('pageToken');
  const end = start + size;
  return {
    page: all.slice(start, end),
    next: end < all.length ? { nextPageToken: `after-${String(end)}` } : {},
  };
}

function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function plain({ headers, body }: UploadAnswer): Answer {
  return { status: 200, headers: { 'content-type': 'text/plain', ...headers }, body };
}
