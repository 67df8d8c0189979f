import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import type { drive_v3 } from '@googleapis/drive';

import { listenOnLoopback } from '../network/loopback.ts';
import type { Loopback } from '../network/loopback.ts';
import { originOf } from '../network/origin.ts';
import { ApiError, badRequest } from './google/api-error.ts';
import { selectedFile, selectedList } from './google/drive-fields.ts';
import { DriveStore, folderType, type Caller } from './google/drive-store.ts';
import { DriveUploads, parseMetadata } from './google/drive-uploads.ts';
import { GoogleAccounts, type GoogleGrant } from './google/google-accounts.ts';

const wholeDrive = 'https://www.googleapis.com/auth/drive';
const driveScopes: readonly string[] = [wholeDrive, 'https://www.googleapis.com/auth/drive.file'];

/**
 * Google Drive's API, version 3, in memory, after its public reference and guides
 * (developers.google.com/workspace/drive/api): files.create in its three ways, files.list with its query
 * language, files.get, files.delete, files.generateIds and about.get, with the scopes `drive.file` and `drive`. It refuses what
 * the guides do not allow: ids that it did not give or that are used, chunks that are not the next or no multiple
 * of 256 KiB, multipart bodies above 5 MB, fields and queries that do not exist, foreign page tokens, access tokens
 * that ended. It allows what Drive allows: two files of one name, and searches that lag behind.
 */
export class GoogleDriveDouble {
  readonly accounts = new GoogleAccounts();
  readonly store = new DriveStore();
  readonly uploads = new DriveUploads(this.store);
  /** Requests in the form `METHOD /path?query`. */
  readonly seen: string[] = [];
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });
  port = 0;
  close: Loopback['close'] = () => Promise.resolve();

  static async start(): Promise<GoogleDriveDouble> {
    const double = new GoogleDriveDouble();
    const { port, close } = await listenOnLoopback(double.#server);
    return Object.assign(double, { port, close });
  }

  /** Files that are not in the trash by their paths, twins too, sorted. */
  paths(): string[] {
    return this.#shown()
      .map(([path]) => path)
      .toSorted();
  }

  /** The bytes of the same files; of twins one. */
  files(): Map<string, Buffer> {
    return new Map(this.#shown());
  }

  #shown(): [string, Buffer][] {
    const { entries } = this.store;
    const pathOf = (id: string): string => {
      const entry = entries.get(id);
      return entry === undefined ? '' : `${pathOf(entry.parent)}/${entry.name}`;
    };
    return [...entries.values()]
      .filter((entry) => entry.mimeType !== folderType && !this.store.isTrashed(entry))
      .map(({ id, bytes }) => [pathOf(id).slice(1), bytes ?? Buffer.alloc(0)]);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request;
    this.seen.push(`${method} ${request.url ?? ''}`);
    const url = new URL(request.url ?? '/', 'http://double');
    let body: Buffer;
    try {
      body = await buffer(request);
    } catch {
      return;
    }
    if (this.accounts.handle(request, response, url.pathname, body)) return;
    try {
      this.#answer({ request, response, method, url, body });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const headers = { 'content-type': 'application/json; charset=UTF-8', ...error.headers };
      response.writeHead(error.status, headers).end(JSON.stringify(error.body));
    }
  }

  #answer(call: Call): void {
    const { request, response, method, url, body } = call;
    const { pathname, searchParams: query } = url;
    const inSession = pathname === '/upload/drive/v3/files' && query.has('upload_id');
    // The guide says PUT; Google's own client libraries for Go send POST, and Google takes it.
    if (inSession && (method === 'PUT' || method === 'POST')) {
      // The upload id is a permission of its own; an access token beside it still has to be good.
      if (request.headers.authorization !== undefined) this.#requireGrant(request);
      this.#putToSession(call);
      return;
    }
    const caller = callerOf(this.#requireGrant(request));
    if (pathname === '/upload/drive/v3/files' && method === 'POST') {
      this.#upload(call, caller);
      return;
    }
    if (pathname === '/drive/v3/about' && method === 'GET') {
      if (query.get('fields') === null) throw badRequest('The fields parameter is required.');
      sendJson(response, this.#about());
      return;
    }
    if (pathname === '/drive/v3/files/generateIds' && method === 'GET') {
      const count = Number(query.get('count') ?? 10);
      if (!Number.isInteger(count) || count < 1 || count > 1000) throw badRequest('count');
      const ids = this.store.generateIds(count);
      const answer = { kind: 'drive#generatedIds', space: 'drive', ids };
      sendJson(response, answer satisfies drive_v3.Schema$GeneratedIds);
      return;
    }
    if (pathname === '/drive/v3/files' && method === 'GET') {
      this.#list(call, caller);
      return;
    }
    if (pathname === '/drive/v3/files' && method === 'POST') {
      requireJson(request);
      const made = this.store.create(parseMetadata(body), null, caller);
      sendJson(response, selectedFile(this.store.resource(made), query.get('fields')));
      return;
    }
    const [, id = ''] = /^\/drive\/v3\/files\/([\w-]+)$/u.exec(pathname) ?? [];
    if (id !== '' && method === 'DELETE') {
      this.store.remove(id, caller);
      response.writeHead(204).end();
    } else if (id !== '' && method === 'GET') {
      const entry = id === 'root' ? this.store.root(caller) : this.store.entry(id, caller);
      if (query.get('alt') !== 'media') {
        sendJson(response, selectedFile(this.store.resource(entry), query.get('fields')));
      } else if (entry.bytes === null) {
        const message = 'Only files with binary content can be downloaded.';
        throw new ApiError(403, 'fileNotDownloadable', message);
      } else {
        sendBytes(response, entry.bytes, request.headers.range);
      }
    } else {
      throw new ApiError(404, 'notFound', 'Not Found');
    }
  }

  #list({ response, url: { searchParams: query } }: Call, caller: Caller): void {
    const size = Number(query.get('pageSize') ?? 100);
    if (!Number.isInteger(size) || size < 1 || size > 1000) throw badRequest('pageSize');
    const page = { size, token: query.get('pageToken') };
    const { found, next } = this.store.search(query.get('q') ?? '', page, caller);
    const list: drive_v3.Schema$FileList = {
      kind: 'drive#fileList',
      incompleteSearch: false,
      ...(next === undefined ? {} : { nextPageToken: next }),
      files: found.map((entry) => this.store.resource(entry)),
    };
    sendJson(response, selectedList(list, query.get('fields')));
  }

  #upload({ request, response, url: { searchParams: query }, body }: Call, caller: Caller): void {
    const fields = query.get('fields');
    switch (query.get('uploadType')) {
      case 'multipart': {
        const type = request.headers['content-type'] ?? '';
        const made = this.uploads.multipart(type, body, caller);
        sendJson(response, selectedFile(this.store.resource(made), fields));
        return;
      }
      case 'resumable': {
        requireJson(request);
        const { 'x-upload-content-type': type, 'x-upload-content-length': length } =
          request.headers;
        const said = { type: String(type ?? ''), length: String(length ?? ''), fields };
        const id = this.uploads.begin(said, body, caller);
        const address = `${originOf(request.headers.host)}/upload/drive/v3/files`;
        const location = `${address}?uploadType=resumable&upload_id=${id}`;
        response.writeHead(200, { location, 'content-length': '0' }).end();
        return;
      }
      default:
        throw badRequest('uploadType');
    }
  }

  #putToSession({ request, response, url: { searchParams: query }, body }: Call): void {
    const id = query.get('upload_id') ?? '';
    const answer = this.uploads.put(id, request.headers['content-range'] ?? '', body);
    if ('made' in answer) {
      const { fields } = this.uploads.session(id);
      sendJson(response, selectedFile(this.store.resource(answer.made), fields));
      return;
    }
    const range = answer.stored === 0 ? {} : { range: `bytes=0-${String(answer.stored - 1)}` };
    response.writeHead(308, { ...range, 'content-length': '0' }).end();
  }

  #about(): drive_v3.Schema$About {
    const sizes = [...this.store.entries.values()].map(({ bytes }) => bytes?.length ?? 0);
    const used = sizes.reduce((sum, size) => sum + size, 0);
    const { left } = this.store.moods;
    const limit = Number.isFinite(left) ? { limit: String(used + left) } : {};
    return { storageQuota: { ...limit, usage: String(used), usageInDrive: String(used) } };
  }

  #requireGrant(request: IncomingMessage): GoogleGrant {
    const grant = this.accounts.whoSent(request);
    if (grant === undefined) throw new ApiError(401, 'authError', 'Invalid Credentials');
    if (!grant.scopes.some((scope) => driveScopes.includes(scope))) {
      throw new ApiError(
        403,
        'insufficientPermissions',
        'Request had insufficient authentication scopes.',
        { details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', domain: 'googleapis.com' }] },
      );
    }
    return grant;
  }
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer;
}

function callerOf({ clientId, scopes }: GoogleGrant): Caller {
  return { clientId, seesAll: scopes.includes(wholeDrive) };
}

function requireJson({ headers }: IncomingMessage): void {
  if (!/^application\/json(?:;|$)/iu.test(headers['content-type'] ?? '')) {
    throw badRequest('Content-Type is not JSON.');
  }
}

function sendJson(response: ServerResponse, json: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(json));
}

function sendBytes(response: ServerResponse, bytes: Buffer, range: string | undefined): void {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
  if (start === undefined) {
    response.writeHead(200, { 'content-length': String(bytes.length) }).end(bytes);
  } else if (Number(start) >= bytes.length) {
    const headers = { 'content-range': `bytes */${String(bytes.length)}` };
    const refusal = new ApiError(416, 'requestedRangeNotSatisfiable', 'Request range', { headers });
    throw refusal;
  } else {
    const part = bytes.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
    const last = Number(start) + part.length - 1;
    const contentRange = `bytes ${start}-${String(last)}/${String(bytes.length)}`;
    const headers = { 'content-length': String(part.length), 'content-range': contentRange };
    response.writeHead(206, headers).end(part);
  }
}
