import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { listenOnLoopback } from '../network/loopback.ts';

const fiveMegabytes = 5_000_000;

/** What a server may do that is not refused by it, but hard on a client. */
export interface NextcloudMoods {
  /** Answers the last MOVE with 423 and goes on by itself; a second one finds the upload gone (404). */
  mergesSlowly: boolean;
  /** Storage that is left, bytes; without a limit the real one says -3, where it does not know -2. */
  left: number;
}

export interface NextcloudDouble {
  readonly port: number;
  readonly moods: NextcloudMoods;
  /** Requests in the form `METHOD /path`. */
  readonly seen: string[];
  /** Forgets unfinished uploads, as the real one does after a day. */
  expireUploads(): void;
  uploads(): readonly string[];
  readonly close: () => Promise<void>;
}

interface Upload {
  readonly destination: string;
  readonly chunks: Map<number, Buffer>;
}

/**
 * A Nextcloud as its developer manual describes it (Basic APIs; Chunked file upload, version 2), in memory,
 * that refuses what the manual does not allow: chunks without `Destination` or for another one, numbers
 * outside 1 to 10000, chunks below 5 MB before the last, and a total length that is not theirs.
 */
export async function startNextcloud(user: string, password: string): Promise<NextcloudDouble> {
  const cloud = new Nextcloud(user, password);
  const server = createServer((request, response) => {
    cloud.handle(request, response).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    moods: cloud.moods,
    seen: cloud.seen,
    expireUploads: () => {
      cloud.uploads.clear();
    },
    uploads: () => [...cloud.uploads.keys()],
    close,
  };
}

class Nextcloud {
  readonly moods: NextcloudMoods = { mergesSlowly: false, left: Infinity };
  readonly seen: string[] = [];
  readonly uploads = new Map<string, Upload>();
  readonly #files = new Map<string, Buffer>();
  readonly #folders = new Set<string>();
  readonly #user: string;
  readonly #authorization: string;

  constructor(user: string, password: string) {
    this.#user = user;
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    this.#folders.add(this.#filesRoot);
  }

  get #filesRoot(): string {
    return `/remote.php/dav/files/${this.#user}`;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request;
    const path = pathOf(request.url ?? '');
    this.seen.push(`${method} ${path}`);
    let body: Buffer;
    try {
      body = await buffer(request);
    } catch {
      return;
    }
    if (path === '/status.php') {
      const status = { installed: true, productname: 'Nextcloud', versionstring: '31.0.4' };
      response.end(JSON.stringify(status));
      return;
    }
    if (request.headers.authorization !== this.#authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="Nextcloud"' }).end();
      return;
    }
    const uploadsRoot = `/remote.php/dav/uploads/${this.#user}/`;
    if (path.startsWith(uploadsRoot)) {
      const [id = '', name] = path.slice(uploadsRoot.length).split('/');
      this.#handleUpload(request, response, { id, name, body });
    } else if (path === this.#filesRoot || path.startsWith(`${this.#filesRoot}/`)) {
      this.#handleFile(request, response, path, body);
    } else {
      response.writeHead(404).end();
    }
  }

  #handleUpload(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    { id, name, body }: { id: string; name: string | undefined; body: Buffer },
  ): void {
    const answer = (status: number): void => {
      response.writeHead(status).end();
    };
    const destination =
      typeof headers['destination'] === 'string' ? pathOf(headers['destination']) : '';
    const upload = this.uploads.get(id);
    if (method === 'MKCOL') {
      if (!destination.startsWith(`${this.#filesRoot}/`)) answer(400);
      else if (upload !== undefined) answer(405);
      else {
        this.uploads.set(id, { destination, chunks: new Map() });
        answer(201);
      }
      return;
    }
    if (upload === undefined) {
      answer(404);
    } else if (method === 'DELETE' && name === undefined) {
      this.uploads.delete(id);
      answer(204);
    } else if (method === 'PROPFIND') {
      const entries = [...upload.chunks].map(([number, bytes]) => ({
        path: `/remote.php/dav/uploads/${this.#user}/${id}/${String(number).padStart(5, '0')}`,
        bytes,
      }));
      const own = { path: `/remote.php/dav/uploads/${this.#user}/${id}`, bytes: null };
      response.writeHead(207).end(multistatus([own, ...entries]));
    } else if (destination !== upload.destination) {
      answer(400);
    } else if (method === 'PUT') {
      const number = Number(name);
      const total = Number(headers['oc-total-length'] ?? Number.NaN);
      const proper = /^\d{1,5}$/u.test(name ?? '') && number >= 1 && number <= 10_000;
      if (!proper || Number(headers['content-length']) !== body.length) answer(400);
      else if (total > this.moods.left) answer(507);
      else {
        upload.chunks.set(number, body);
        answer(201);
      }
    } else if (method === 'MOVE' && name === '.file') {
      answer(this.#assemble(id, upload, Number(headers['oc-total-length']), headers['overwrite']));
    } else {
      answer(405);
    }
  }

  #assemble(id: string, upload: Upload, total: number, overwrite: unknown): number {
    const chunks = [...upload.chunks].sort(([left], [right]) => left - right);
    const bodies = chunks.map(([, body]) => body);
    if (bodies.slice(0, -1).some(({ length }) => length < fiveMegabytes)) return 400;
    const whole = Buffer.concat(bodies);
    if (whole.length !== total) return 400;
    if (this.#files.has(upload.destination) && overwrite === 'F') return 412;
    if (!this.#folders.has(parentOf(upload.destination))) return 409;
    this.#files.set(upload.destination, whole);
    this.uploads.delete(id);
    return this.moods.mergesSlowly ? 423 : 201;
  }

  #handleFile(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: Buffer,
  ): void {
    const answer = (status: number, more: Record<string, string> = {}): void => {
      response.writeHead(status, more).end();
    };
    const file = this.#files.get(path);
    const folder = this.#folders.has(path);
    switch (method) {
      case 'PROPFIND':
        if (file !== undefined) response.writeHead(207).end(multistatus([{ path, bytes: file }]));
        else if (folder && body.includes('quota-used-bytes')) {
          response.writeHead(207).end(this.#quota(path));
        } else if (folder) response.writeHead(207).end(this.#listing(path, headers['depth']));
        else answer(404);
        return;
      case 'MKCOL':
        if (folder || file !== undefined) answer(405);
        else if (!this.#folders.has(parentOf(path))) answer(409);
        else {
          this.#folders.add(path);
          answer(201);
        }
        return;
      case 'GET':
        if (file === undefined) answer(404);
        else sendFile(response, file, headers.range);
        return;
      case 'PUT':
        if (body.length > this.moods.left) answer(507);
        else if (!this.#folders.has(parentOf(path))) answer(409);
        else if (headers['if-none-match'] === '*' && file !== undefined) answer(412);
        else {
          this.#files.set(path, body);
          answer(file === undefined ? 201 : 204, { etag: etagOf(body) });
        }
        return;
      case 'MOVE': {
        const target = pathOf(String(headers['destination']));
        if (file === undefined) answer(404);
        else if (this.#files.has(target) && headers['overwrite'] === 'F') answer(412);
        else if (!this.#folders.has(parentOf(target))) answer(409);
        else {
          this.#files.delete(path);
          this.#files.set(target, file);
          answer(201, { etag: etagOf(file) });
        }
        return;
      }
      case 'DELETE':
        for (const all of [this.#files, this.#folders]) {
          for (const one of [...all.keys()]) {
            if (one === path || one.startsWith(`${path}/`)) all.delete(one);
          }
        }
        answer(file !== undefined || folder ? 204 : 404);
        return;
      default:
        answer(405);
    }
  }

  /** RFC 4331. */
  #quota(path: string): string {
    const used = [...this.#files.values()].reduce((sum, { length }) => sum + length, 0);
    const left = this.moods.left === Infinity ? -3 : this.moods.left;
    return (
      `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response><d:href>${encodeURI(path)}/</d:href>` +
      `<d:propstat><d:prop><d:quota-used-bytes>${String(used)}</d:quota-used-bytes>` +
      `<d:quota-available-bytes>${String(left)}</d:quota-available-bytes></d:prop>` +
      '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>'
    );
  }

  #listing(path: string, depth: unknown): string {
    const below = [
      ...[...this.#folders].map((one) => ({ path: one, bytes: null })),
      ...[...this.#files].map(([one, bytes]) => ({ path: one, bytes })),
    ].filter((one) => depth === '1' && parentOf(one.path) === path);
    return multistatus([{ path, bytes: null }, ...below]);
  }
}

function sendFile(response: ServerResponse, file: Buffer, range: string | undefined): void {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
  if (start === undefined) {
    response.writeHead(200, { 'content-length': String(file.length) }).end(file);
    return;
  }
  if (Number(start) >= file.length) {
    response.writeHead(416).end();
    return;
  }
  const part = file.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
  response.writeHead(206, { 'content-length': String(part.length) }).end(part);
}

function multistatus(
  entries: readonly { readonly path: string; readonly bytes: Buffer | null }[],
): string {
  const responses = entries.map(({ path, bytes }) => {
    const href = path.split('/').map(encodeURIComponent).join('/');
    const prop =
      bytes === null
        ? '<d:resourcetype><d:collection/></d:resourcetype>'
        : `<d:resourcetype/><d:getcontentlength>${String(bytes.length)}</d:getcontentlength>` +
          `<d:getetag>${etagOf(bytes).replaceAll('"', '&quot;')}</d:getetag>`;
    return (
      `<d:response><d:href>${href}${bytes === null ? '/' : ''}</d:href><d:propstat><d:prop>` +
      `<d:getlastmodified>Sun, 22 Nov 2026 10:00:00 GMT</d:getlastmodified>${prop}</d:prop>` +
      '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>'
    );
  });
  return `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${responses.join('')}</d:multistatus>`;
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function pathOf(address: string): string {
  const path = address.replace(/^https?:\/\/[^/]*/u, '').replace(/\/$/u, '');
  return decodeURIComponent(path);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
