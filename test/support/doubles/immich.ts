import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { z } from 'zod';

import { listenOnLoopback } from '../network/loopback.ts';
import { readForm } from './form-data.ts';

/** One asset as the double keeps it. */
export interface HeldAsset {
  readonly id: string;
  owner: string;
  name: string;
  bytes: Buffer;
  checksum: string;
  readonly created: string;
  readonly fileCreatedAt: string;
  readonly fileModifiedAt: string;
  visibility: 'timeline' | 'archive' | 'hidden' | 'locked';
  trashed: boolean;
  offline: boolean;
  library: string | null;
  livePhotoVideoId: string | null;
}

export interface ImmichDouble {
  readonly port: number;
  /** Requests in the form `METHOD /path`, without `/api`. */
  readonly seen: string[];
  readonly assets: Map<string, HeldAsset>;
  /** What the key allows; `all` at first. */
  permissions: string[];
  /** Bytes; null where there is no limit. */
  quota: number | null;
  /** Uploads whose reply is given but of which another byte is kept. */
  damagesOnDisk: boolean;
  /** Adds an asset of another person or place. */
  add(asset: Partial<HeldAsset> & { readonly bytes: Buffer; readonly name: string }): HeldAsset;
  /** The job that removes what was deleted for good. */
  emptyTrash(): void;
  readonly close: () => Promise<void>;
}

export const immichKey = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U';
export const immichSecrets = { CLOUDROLL_IMMICH_API_KEY: immichKey };
export const immichUser = '5f0c1ad0-3d3c-4d8e-9e53-0c8a1de6d1a1';
export const immichPartner = '0d6b6a6e-6f4f-4a57-8b51-6f5b0f2c7b11';

/** Lists of `GET /server/media-types`, shortened. */
const image = ['.jpg', '.jpeg', '.png', '.gif', '.webp', '.heic', '.heif', '.tif', '.tiff', '.dng'];
const video = ['.mp4', '.mov', '.m4v', '.avi', '.mkv'];

/**
 * An Immich server of version 2 or 3 as its OpenAPI description says (https://api.immich.app, and
 * open-api/immich-openapi-specs.json in its repository), in memory. Refuses keys without the permission that a
 * route needs, fields that the version does not know or that are missing, fields behind the file, files of other
 * types, ids that are none, and more than the quota. Answers `duplicate` for bytes that it has, also where they lie
 * in the trash, where what is deleted for good stays until a job has run. Its search finds partners' assets, looks
 * for a part of a name in any case, and takes `%` and `_` for anything.
 */
export async function startImmich(major: 2 | 3): Promise<ImmichDouble> {
  const double = new Immich(major);
  const server = createServer((request, response) => {
    double.handle(request, response).catch(() => response.destroy());
  });
  return Object.assign(double, await listenOnLoopback(server));
}

class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  /** The id in the path, where it has one. */
  readonly id: string;
}

class Immich implements ImmichDouble {
  port = 0;
  readonly seen: string[] = [];
  readonly assets = new Map<string, HeldAsset>();
  permissions = ['all'];
  quota: number | null = null;
  damagesOnDisk = false;
  close: () => Promise<void> = () => Promise.resolve();
  readonly #major: 2 | 3;
  #moment = Date.UTC(2026, 0);

  constructor(major: 2 | 3) {
    this.#major = major;
  }

  add(asset: Partial<HeldAsset> & { readonly bytes: Buffer; readonly name: string }): HeldAsset {
    this.#moment += 1;
    const now = new Date(this.#moment).toISOString();
    const held: HeldAsset = {
      id: randomUUID(),
      owner: immichUser,
      checksum: createHash('sha1').update(asset.bytes).digest('base64'),
      created: now,
      fileCreatedAt: now,
      fileModifiedAt: now,
      visibility: 'timeline',
      trashed: false,
      offline: false,
      library: null,
      livePhotoVideoId: null,
      ...asset,
    };
    this.assets.set(held.id, held);
    return held;
  }

  emptyTrash(): void {
    for (const { id, trashed } of this.assets.values()) if (trashed) this.assets.delete(id);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const path = url.replace(/^\/api/u, '');
    this.seen.push(`${method} ${path}`);
    let body: Buffer;
    try {
      body = await buffer(request);
    } catch {
      return;
    }
    try {
      if (!url.startsWith('/api/')) throw new Refused(404, 'Not Found');
      this.#route({ request, response, body, id: idOf(path) }, method, path);
    } catch (error) {
      const { status, message } =
        error instanceof Refused ? error : new Refused(500, 'Internal server error');
      answer(response, status, { message, correlationId: 'x' });
    }
  }

  #route(call: Call, method: string, path: string): void {
    const route = `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/u, ':id')}`;
    const { response } = call;
    switch (route) {
      case 'GET /server/version':
        answer(response, 200, { major: this.#major, minor: 2, patch: 1 });
        return;
      case 'GET /server/media-types':
        answer(response, 200, { image, video, sidecar: ['.xmp'] });
        return;
      case 'GET /api-keys/me':
        this.#allow(call, null);
        answer(response, 200, this.#apiKey());
        return;
      case 'GET /users/me':
        this.#allow(call, 'user.read');
        answer(response, 200, this.#user());
        return;
      case 'POST /assets/bulk-upload-check':
        this.#allow(call, 'asset.upload');
        this.#bulkCheck(call);
        return;
      case 'POST /assets':
        this.#allow(call, 'asset.upload');
        this.#upload(call);
        return;
      case 'DELETE /assets':
        this.#allow(call, 'asset.delete');
        this.#delete(call);
        return;
      case 'GET /assets/:id':
        this.#allow(call, 'asset.read');
        answer(response, 200, this.#shown(this.#accessible(call.id, 'asset.read')));
        return;
      case 'PUT /assets/:id':
        this.#allow(call, 'asset.update');
        this.#update(call);
        return;
      case 'GET /assets/:id/original':
        this.#allow(call, 'asset.download');
        this.#original(call);
        return;
      case 'POST /search/metadata':
        this.#allow(call, 'asset.read');
        this.#search(call);
        return;
      default:
        throw new Refused(404, `Cannot ${method} ${path}`);
    }
  }

  #allow({ request }: Call, permission: string | null): void {
    const key = request.headers['x-api-key'];
    if (key === undefined) throw new Refused(401, 'Authentication required');
    if (key !== immichKey) throw new Refused(401, 'Invalid API key');
    const granted = permission === null || this.permissions.includes('all');
    if (!granted && !this.permissions.includes(permission)) {
      throw new Refused(403, `Missing required permission: ${permission}`);
    }
  }

  #apiKey(): Readonly<Record<string, unknown>> {
    const createdAt = '2026-01-01T00:00:00.000Z';
    return {
      id: immichPartner,
      name: 'key',
      permissions: this.permissions,
      createdAt,
      updatedAt: createdAt,
    };
  }

  #user(): Readonly<Record<string, unknown>> {
    return {
      id: immichUser,
      email: 'me@example.org',
      name: 'me',
      quotaSizeInBytes: this.quota,
      quotaUsageInBytes: this.#used(),
    };
  }

  #used(): number {
    const own = [...this.assets.values()].filter(
      ({ owner, library }) => owner === immichUser && library === null,
    );
    return own.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  #bulkCheck({ response, body }: Call): void {
    const { assets } = parsed(bulkCheck, body);
    const results = assets.map(({ id, checksum }) => {
      const encoding = checksum.length === 28 ? 'base64' : 'hex';
      const duplicate = this.#byChecksum(Buffer.from(checksum, encoding).toString('base64'));
      return duplicate === undefined
        ? { id, action: 'accept' }
        : {
            id,
            action: 'reject',
            reason: 'duplicate',
            assetId: duplicate.id,
            isTrashed: duplicate.trashed,
          };
    });
    answer(response, 200, { results });
  }

  #byChecksum(checksum: string): HeldAsset | undefined {
    return [...this.assets.values()].find(
      (asset) =>
        asset.owner === immichUser && asset.library === null && asset.checksum === checksum,
    );
  }

  #upload({ request, response, body }: Call): void {
    const announced = request.headers['x-immich-checksum'];
    if (typeof announced === 'string') {
      const encoding = announced.length === 28 ? 'base64' : 'hex';
      const duplicate = this.#byChecksum(Buffer.from(announced, encoding).toString('base64'));
      if (duplicate !== undefined) {
        answer(response, 200, { id: duplicate.id, status: 'duplicate' });
        return;
      }
    }
    const form = readForm(request.headers['content-type'] ?? '', body);
    if (form?.file?.field !== 'assetData') throw new Refused(400, 'Multipart: no assetData');
    const fields = Object.fromEntries(form.fields);
    const dto = (this.#major === 2 ? createV2 : createV3).safeParse(fields);
    if (!dto.success) throw new Refused(400, z.prettifyError(dto.error));
    const { filename = form.file.name, fileCreatedAt, fileModifiedAt } = dto.data;
    const extension = /\.[^.]*$/u.exec(filename)?.[0].toLowerCase() ?? '';
    if (!image.includes(extension) && !video.includes(extension)) {
      throw new Refused(400, `Unsupported file type ${filename}`);
    }
    const { bytes } = form.file;
    if (this.quota !== null && this.#used() + bytes.length > this.quota) {
      throw new Refused(400, 'Quota has been exceeded!');
    }
    const { livePhotoVideoId = null, visibility = 'timeline' } = dto.data;
    if (livePhotoVideoId !== null) this.#link(livePhotoVideoId);
    const checksum = createHash('sha1').update(bytes).digest('base64');
    const duplicate = this.#byChecksum(checksum);
    if (duplicate !== undefined) {
      answer(response, 200, { id: duplicate.id, status: 'duplicate' });
      return;
    }
    const kept = this.damagesOnDisk ? Buffer.from(bytes).fill(0, 0, 1) : bytes;
    const { id } = this.add({
      name: filename,
      bytes: kept,
      checksum,
      fileCreatedAt,
      fileModifiedAt,
      livePhotoVideoId,
      visibility,
    });
    answer(response, 201, { id, status: 'created' });
  }

  /** The video of a Live Photo has to be a video of the same person, and is hidden from then on. */
  #link(id: string): void {
    const motion = this.assets.get(id);
    if (motion === undefined) throw new Refused(400, 'Live photo video not found');
    if (!isVideo(motion)) throw new Refused(400, 'Live photo video must be a video');
    if (motion.owner !== immichUser) {
      throw new Refused(400, 'Live photo video does not belong to the user');
    }
    motion.visibility = 'hidden';
  }

  #update({ response, body, id }: Call): void {
    const { livePhotoVideoId } = parsed(update, body);
    const asset = this.#accessible(id, 'asset.update');
    this.#link(livePhotoVideoId);
    asset.livePhotoVideoId = livePhotoVideoId;
    answer(response, 200, this.#shown(asset));
  }

  #delete({ response, body }: Call): void {
    const { ids } = parsed(remove, body);
    const assets = ids.map((id) => this.#accessible(id, 'asset.delete'));
    for (const asset of assets) asset.trashed = true;
    response.writeHead(204).end();
  }

  /** An asset that this key may see. Immich does not tell one that is not there from one of somebody else. */
  #accessible(id: string, permission: string): HeldAsset {
    const asset = this.assets.get(id);
    const shared = permission === 'asset.read' || permission === 'asset.download';
    const visible = asset?.owner === immichUser || (shared && asset?.owner === immichPartner);
    if (asset === undefined || !visible || asset.visibility === 'locked') {
      throw new Refused(400, `Not found or no ${permission} access`);
    }
    return asset;
  }

  #original({ request, response, id }: Call): void {
    const { bytes } = this.#accessible(id, 'asset.download');
    const headers = { 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/u.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) {
      response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
      return;
    }
    const start = Number(from);
    const end = to === '' ? bytes.length : Math.min(Number(to) + 1, bytes.length);
    if (start >= bytes.length || end <= start) {
      response.writeHead(416, { 'content-range': `bytes */${String(bytes.length)}` }).end();
      return;
    }
    const range = `bytes ${String(start)}-${String(end - 1)}/${String(bytes.length)}`;
    const length = { 'content-length': end - start, 'content-range': range };
    response.writeHead(206, { ...headers, ...length }).end(bytes.subarray(start, end));
  }

  #search({ response, body }: Call): void {
    const { page, size, visibility, originalFileName, order } = parsed(search, body);
    const pattern = originalFileName === undefined ? null : like(originalFileName);
    const found = [...this.assets.values()]
      .filter(
        (asset) =>
          (asset.owner === immichUser || asset.owner === immichPartner) &&
          !asset.trashed &&
          asset.visibility === visibility &&
          (pattern === null || pattern.test(asset.name)),
      )
      .sort((one, other) => (one.created < other.created ? -1 : 1));
    if (order === 'desc') found.reverse();
    const items = found.slice((page - 1) * size, page * size);
    const more = found.length > page * size;
    const none = { total: 0, count: 0, items: [], facets: [] };
    const assets = {
      total: items.length,
      count: items.length,
      items: items.map((asset) => this.#shown(asset)),
      facets: [],
      nextPage: more ? String(page + 1) : null,
      ...(this.#major === 3 ? { nextCursor: null } : {}),
    };
    answer(response, 200, { albums: none, assets });
  }

  #shown(asset: HeldAsset): Readonly<Record<string, unknown>> {
    return {
      id: asset.id,
      ownerId: asset.owner,
      libraryId: asset.library,
      ...(this.#major === 2 ? { deviceAssetId: 'any', deviceId: 'any', duration: '0' } : {}),
      type: isVideo(asset) ? 'VIDEO' : 'IMAGE',
      originalPath: `/data/upload/${asset.id}`,
      originalFileName: asset.name,
      checksum: asset.checksum,
      createdAt: asset.created,
      updatedAt: asset.created,
      fileCreatedAt: asset.fileCreatedAt,
      fileModifiedAt: asset.fileModifiedAt,
      localDateTime: asset.fileCreatedAt,
      visibility: asset.visibility,
      isTrashed: asset.trashed,
      isOffline: asset.offline,
      isArchived: asset.visibility === 'archive',
      isFavorite: false,
      hasMetadata: true,
      thumbhash: null,
      livePhotoVideoId: asset.livePhotoVideoId,
      exifInfo: { fileSizeInByte: asset.bytes.length },
    };
  }
}

const moment = z.iso.datetime();
const createFields = {
  fileCreatedAt: moment,
  fileModifiedAt: moment,
  filename: z.string().min(1).optional(),
  visibility: z.enum(['timeline', 'archive', 'hidden', 'locked']).optional(),
  livePhotoVideoId: z.uuid().optional(),
};
const createV2 = z.strictObject({
  ...createFields,
  deviceAssetId: z.string().min(1),
  deviceId: z.string().min(1),
});
const createV3 = z.strictObject(createFields);
const bulkCheck = z.strictObject({
  assets: z.array(
    z.strictObject({
      id: z.string().min(1),
      checksum: z.string().regex(/^(?:[0-9a-f]{40}|[\w+/]{27}=)$/u),
    }),
  ),
});
const update = z.strictObject({ livePhotoVideoId: z.uuid() });
const remove = z.strictObject({ ids: z.array(z.uuid()), force: z.literal(true) });
const search = z.strictObject({
  page: z.int().min(1).default(1),
  size: z.int().min(1).max(1000).default(250),
  visibility: z.enum(['timeline', 'archive', 'hidden']),
  originalFileName: z.string().min(1).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  withExif: z.literal(true),
});

function parsed<T>(schema: z.ZodType<T>, body: Buffer): T {
  const result = schema.safeParse(JSON.parse(body.toString('utf8')));
  if (result.success) return result.data;
  throw new Refused(400, z.prettifyError(result.error));
}

/** As PostgreSQL's ILIKE around a part of a name. */
function like(part: string): RegExp {
  const source = part
    .replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(source, 'isu');
}

function isVideo({ name }: HeldAsset): boolean {
  return video.some((extension) => name.toLowerCase().endsWith(extension));
}

function idOf(path: string): string {
  return /^\/assets\/([^/]+)/u.exec(path)?.[1] ?? '';
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(text);
}
