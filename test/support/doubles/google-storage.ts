import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { listenOnLoopback } from '../network/loopback.ts';
import { listPage, onlyFields, resourceOf } from './google-storage/answers.ts';
import { Bucket } from './google-storage/bucket.ts';
import type { StoredObject } from './google-storage/bucket.ts';
import { GoogleRefusal } from './google-storage/refusals.ts';
import { TokenServer } from './google-storage/token-server.ts';
import {
  badRequest,
  continueSession,
  intentOf,
  multipartUpload,
} from './google-storage/uploads.ts';

/** What the service may do that is allowed to it, but hard on a client. */
export interface GoogleStorageMoods {
  /** Of the bytes of one request within a session, so many are kept at most. */
  keeps: number;
  /** Objects on a page of a list, however many are asked for. */
  pageSize: number;
  /** An error that every request to the service gets, with its reason. */
  refusal: GoogleRefusal | null;
}

export interface GoogleStorageDouble {
  readonly port: number;
  /** Without a slash at its end. */
  readonly address: string;
  readonly moods: GoogleStorageMoods;
  readonly tokens: TokenServer;
  /** Requests in the form `METHOD /path?query`. */
  readonly seen: string[];
  /** The JSON key of a service account that may use every bucket. */
  readonly key: string;
  /** Makes an empty bucket and returns its name. */
  makeBucket(): string;
  bucket(name: string): Bucket;
  /** Forgets unfinished uploads, as the service does after a week. */
  expireSessions(): void;
  readonly close: () => Promise<void>;
}

/**
 * Google Cloud Storage in memory, as the documentation of its JSON API describes it
 * (cloud.google.com/storage/docs/json_api/v1, /uploading-objects, /performing-resumable-uploads,
 * /request-preconditions, /data-validation), with the token server of service accounts. It refuses what the service
 * refuses: requests without a token, sessions that are not gone on with where they stopped or in units of
 * 256 KiB, hashes that are not those of the bytes, names that are none, and objects whose precondition fails.
 */
export async function startGoogleStorage(): Promise<GoogleStorageDouble> {
  const service = new GoogleStorage();
  const server = createServer((request, response) => {
    service.handle(request, response).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server);
  const origin = `http://127.0.0.1:${String(port)}`;
  service.tokens.listensAt(origin);
  return {
    port,
    address: origin,
    moods: service.moods,
    tokens: service.tokens,
    seen: service.seen,
    key: service.tokens.makeKey(),
    makeBucket: () => {
      const bucket = new Bucket(`photos-${randomUUID()}`);
      service.buckets.set(bucket.name, bucket);
      return bucket.name;
    },
    bucket: (name) => service.requireBucket(name),
    expireSessions: () => {
      for (const { sessions } of service.buckets.values()) sessions.clear();
    },
    close,
  };
}

interface Call {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly response: ServerResponse;
}

class GoogleStorage {
  readonly moods: GoogleStorageMoods = { keeps: Infinity, pageSize: 1000, refusal: null };
  readonly tokens = new TokenServer();
  readonly buckets = new Map<string, Bucket>();
  readonly seen: string[] = [];

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = request;
    const { pathname, searchParams: query } = new URL(url, 'http://double');
    const { body, whole } = await arrived(request);
    this.seen.push(`${method} ${url}`);
    const call = { method, query, headers, body, response };
    try {
      if (pathname === '/token' && method === 'POST') {
        if (whole) this.#giveToken(call);
        return;
      }
      const path = /^(\/upload)?\/storage\/v1\/b\/([^/]+)(?:\/o(?:\/([^/]+))?)?$/u.exec(pathname);
      if (path === null) throw new GoogleRefusal(404, 'notFound', 'Not Found');
      const [, upload, bucketName = '', encoded] = path;
      this.#requireAllowed(call, upload !== undefined);
      const bucket = this.requireBucket(decodeURIComponent(bucketName));
      const name = encoded === undefined ? undefined : decodeURIComponent(encoded);
      // A cut connection: within a session what has come counts, in whole units; elsewhere nothing does.
      if (!whole) this.#keepWhatCame(bucket, call);
      else if (upload !== undefined) this.#upload(bucket, call);
      else if (pathname.endsWith(`/b/${bucketName}`)) this.#describe(bucket, call);
      else if (name === undefined) this.#list(bucket, call);
      else this.#object(bucket, name, call);
    } catch (error) {
      if (!(error instanceof GoogleRefusal)) throw error;
      const type = { 'content-type': 'application/json; charset=UTF-8' };
      response.writeHead(error.status, type).end(error.body());
    }
  }

  requireBucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new GoogleRefusal(404, 'notFound', 'The specified bucket does not exist.');
  }

  #giveToken({ headers, body, response }: Call): void {
    const answer = this.tokens.answer(headers['content-type'], body.toString('utf8'));
    sendJson(response, answer.body, answer.status);
  }

  #requireAllowed({ query, headers }: Call, upload: boolean): void {
    // The address of a session is its own permission.
    const inSession = upload && query.has('upload_id');
    if (!inSession && !this.tokens.knows(headers.authorization)) {
      throw new GoogleRefusal(401, 'authError', 'Invalid Credentials');
    }
    if (this.moods.refusal !== null) throw this.moods.refusal;
  }

  #upload(bucket: Bucket, call: Call): void {
    const { method, query, headers, body, response } = call;
    const id = query.get('upload_id');
    if (id !== null) {
      this.#inSession(bucket, id, call);
      return;
    }
    if (method !== 'POST') throw badRequest('An upload is a POST.');
    const type = query.get('uploadType');
    if (type === 'multipart') {
      const { intent, bytes } = multipartUpload(call);
      this.#sendResource(bucket, bucket.create(intent, bytes), call);
    } else if (type === 'media') {
      const intent = intentOf(query, Buffer.alloc(0), headers['content-type']);
      this.#sendResource(bucket, bucket.create(intent, body), call);
    } else if (type === 'resumable') {
      const mime = single(headers['x-upload-content-type']);
      const length = single(headers['x-upload-content-length']);
      const total = length === undefined ? undefined : Number(length);
      const session = bucket.begin(intentOf(query, body, mime), total);
      query.set('upload_id', session);
      const path = `/upload/storage/v1/b/${bucket.name}/o?${query.toString()}`;
      const location = `http://${headers.host ?? ''}${path}`;
      response.writeHead(200, { location, 'x-guploader-uploadid': session }).end();
    } else {
      throw badRequest('Unknown uploadType.');
    }
  }

  #inSession(bucket: Bucket, id: string, call: Call): void {
    const { method, response } = call;
    const session = bucket.sessions.get(id);
    if (session === undefined) throw new GoogleRefusal(410, 'gone', 'Upload session is gone.');
    if (method === 'DELETE') {
      bucket.sessions.delete(id);
      response.writeHead(499).end();
      return;
    }
    if (method !== 'PUT') throw badRequest('A session takes PUT.');
    let outcome: ReturnType<typeof continueSession>;
    try {
      outcome = continueSession(bucket, session, call, this.moods.keeps);
    } catch (error) {
      // An upload whose end was refused is over.
      const final = error instanceof GoogleRefusal && session.persisted.length === session.total;
      if (final) bucket.sessions.delete(id);
      throw error;
    }
    if (outcome.object !== undefined) {
      this.#sendResource(bucket, outcome.object, call);
    } else if (outcome.kind === 'open') {
      const { persisted } = outcome;
      const range = persisted === 0 ? {} : { range: `bytes=0-${String(persisted - 1)}` };
      response.writeHead(308, { 'content-length': '0', ...range }).end();
    }
  }

  #keepWhatCame(bucket: Bucket, call: Call): void {
    const session = bucket.sessions.get(call.query.get('upload_id') ?? '');
    const range = single(call.headers['content-range']) ?? '';
    const first = /^bytes (\d+)-/u.exec(range)?.[1];
    if (Number(first) !== session?.persisted.length) return;
    const unit = 256 * 1024;
    const kept = call.body.subarray(0, call.body.length - (call.body.length % unit));
    session.persisted = Buffer.concat([session.persisted, kept]);
  }

  #describe(bucket: Bucket, { method, response }: Call): void {
    if (method !== 'GET') throw new GoogleRefusal(405, 'methodNotAllowed', 'Method Not Allowed');
    const features = { iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } };
    const facts = { kind: 'storage#bucket', name: bucket.name, location: 'ASIA-NORTHEAST3' };
    sendJson(response, { ...facts, ...features });
  }

  #list(bucket: Bucket, { method, query, response }: Call): void {
    if (method !== 'GET') throw new GoogleRefusal(405, 'methodNotAllowed', 'Method Not Allowed');
    const page = listPage(bucket, query, this.moods.pageSize);
    const fields = query.get('fields');
    sendJson(response, fields === null ? page : onlyFields(page, fields));
  }

  #object(bucket: Bucket, name: string, call: Call): void {
    const { method, query, headers, response } = call;
    const object = bucket.require(name);
    const wanted = query.get('generation');
    if (wanted !== null && wanted !== object.generation) {
      throw new GoogleRefusal(404, 'notFound', `No such object: ${bucket.name}/${name}`);
    }
    bucket.requireGeneration(name, query.get('ifGenerationMatch') ?? undefined);
    if (method === 'DELETE') {
      bucket.objects.delete(name);
      response.writeHead(204).end();
    } else if (method !== 'GET') {
      throw new GoogleRefusal(405, 'methodNotAllowed', 'Method Not Allowed');
    } else if (query.get('alt') === 'media') {
      sendMedia(response, object, headers.range);
    } else {
      this.#sendResource(bucket, object, call);
    }
  }

  #sendResource(bucket: Bucket, object: StoredObject, { query, response }: Call): void {
    const resource = resourceOf(bucket, object);
    const fields = query.get('fields');
    sendJson(response, fields === null ? resource : onlyFields(resource, fields));
  }
}

/** The body, and whether all of it came. */
async function arrived(request: IncomingMessage): Promise<{ body: Buffer; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
    return { body: Buffer.concat(chunks), whole: request.complete };
  } catch {
    return { body: Buffer.concat(chunks), whole: false };
  }
}

function sendMedia(response: ServerResponse, object: StoredObject, range?: string): void {
  const { bytes, contentType, md5, crc32c } = object;
  const [, start, end] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
  const type = { 'content-type': contentType, 'x-goog-hash': `crc32c=${crc32c},md5=${md5}` };
  if (start === undefined) {
    response.writeHead(200, { ...type, 'content-length': String(bytes.length) }).end(bytes);
    return;
  }
  if (Number(start) >= bytes.length) {
    const what = 'The requested range cannot be satisfied.';
    throw new GoogleRefusal(416, 'requestedRangeNotSatisfiable', what);
  }
  const part = bytes.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
  const last = Number(start) + part.length - 1;
  const where = `bytes ${start}-${String(last)}/${String(bytes.length)}`;
  const length = { 'content-length': String(part.length), 'content-range': where };
  response.writeHead(206, { ...type, ...length }).end(part);
}

function sendJson(response: ServerResponse, document: object, status = 200): void {
  const type = { 'content-type': 'application/json; charset=UTF-8' };
  response.writeHead(status, type).end(JSON.stringify(document));
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
