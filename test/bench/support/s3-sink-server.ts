/**
 * A server that speaks as much of S3 as a first upload needs and does as little as it can: what is measured
 * against it are its clients. Its arguments are the folder for the bodies and nothing else; it says its
 * port on standard output and ends with its standard input.
 *
 * It answers as servers of today do: a put may be create-only, and a checksum that is sent comes back with the
 * reply. Small bodies, with which clients find out what a server does, are hashed at once, and refused where a
 * hash is wrong; for the others it takes the client's word, and who measures compares the bytes afterwards.
 * Signatures are not looked at.
 */
import { hash } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';

interface StoredObject {
  readonly file: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modified: Date;
  /** To be given back with the object, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Bodies up to this size are checked before they are answered, bytes. */
const checkedBytes = 64 * 1024;
const checksumHeader = 'x-amz-checksum-sha256';

const [folder = ''] = process.argv.slice(2);
const objects = new Map<string, StoredObject>();
/** Keys of which the first put is still under way. */
const arriving = new Set<string>();
const folders = new Set<string>();
let files = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sink');
  const path = decodeURIComponent(pathname).slice(1);
  const key = path.slice(path.indexOf('/') + 1);
  if (searchParams.has('uploadId') || searchParams.has('uploads')) {
    request.resume();
    refuse(response, 501, 'NotImplemented');
  } else if (request.method === 'PUT') {
    put(key, request, response);
  } else {
    request.resume();
    if (!path.includes('/') || key === '') list(searchParams, response);
    else if (request.method === 'DELETE') remove(key, response);
    else get(key, request, response);
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : '');
});
process.stdin.resume().on('end', () => process.exit());

function put(key: string, request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request;
  const createOnly = headers['if-none-match'] === '*';
  if (createOnly && (objects.has(key) || arriving.has(key))) {
    request.resume();
    refuse(response, 412, 'PreconditionFailed');
    return;
  }
  arriving.add(key);
  const file = newFile(key);
  const descriptor = openSync(file, 'wx');
  const whole = Number(headers['content-length']);
  const small: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (whole <= checkedBytes) small.push(chunk);
    writeSync(descriptor, chunk);
  });
  request.on('close', () => {
    closeSync(descriptor);
    arriving.delete(key);
    if (bytes !== whole) {
      rmSync(file);
      return;
    }
    const body = whole <= checkedBytes ? Buffer.concat(small) : null;
    const wrong = body === null ? null : wrongHash(headers, body);
    if (wrong !== null) {
      rmSync(file);
      refuse(response, 400, wrong);
      return;
    }
    const stored = { file, bytes, etag: etagOf(headers, body), modified: new Date() };
    objects.set(key, { ...stored, headers: keptHeaders(headers) });
    const checksum = headers[checksumHeader];
    response.writeHead(200, {
      etag: stored.etag,
      ...(checksum === undefined ? {} : { [checksumHeader]: checksum }),
      'content-length': 0,
    });
    response.end();
  });
}

/** A name of its own, so that a second put of a key, where that is allowed, needs no care; own records stay so. */
function newFile(key: string): string {
  files += 1;
  const file = join(
    folder,
    key.startsWith('photos/.cloudroll/') ? '.cloudroll' : 'photos',
    String(files),
  );
  const parent = dirname(file);
  if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
  folders.add(parent);
  return file;
}

/** The code of the refusal where a hash that was sent is not that of the body. */
function wrongHash(headers: IncomingMessage['headers'], body: Buffer): string | null {
  const signed = headers['x-amz-content-sha256'];
  if (/^[0-9a-f]{64}$/u.test(String(signed)) && signed !== hash('sha256', body)) {
    return 'XAmzContentSHA256Mismatch';
  }
  const checksum = headers[checksumHeader];
  if (checksum !== undefined && checksum !== hash('sha256', body, 'base64')) return 'BadDigest';
  const md5 = headers['content-md5'];
  return md5 !== undefined && md5 !== hash('md5', body, 'base64') ? 'BadDigest' : null;
}

/** The body's MD5 where it is known without hashing; otherwise something that is none, as with encryption. */
function etagOf(headers: IncomingMessage['headers'], body: Buffer | null): string {
  const md5 = headers['content-md5'];
  if (body !== null) return `"${hash('md5', body)}"`;
  if (typeof md5 === 'string') return `"${Buffer.from(md5, 'base64').toString('hex')}"`;
  return `"${String(files)}-1"`;
}

function keptHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const keep =
      name === 'content-type' || name === checksumHeader || name.startsWith('x-amz-meta-');
    if (keep && typeof value === 'string') kept[name] = value;
  }
  return kept;
}

function get(key: string, request: IncomingMessage, response: ServerResponse): void {
  const stored = objects.get(key);
  if (stored === undefined) {
    refuse(response, 404, 'NoSuchKey');
    return;
  }
  response.writeHead(200, {
    ...stored.headers,
    etag: stored.etag,
    'content-length': stored.bytes,
    'last-modified': stored.modified.toUTCString(),
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(stored.file).pipe(response);
}

function remove(key: string, response: ServerResponse): void {
  const stored = objects.get(key);
  if (stored !== undefined) rmSync(stored.file);
  objects.delete(key);
  response.writeHead(204).end();
}

/** All at once: before a first upload there is little to list, and after it nobody does. */
function list(query: URLSearchParams, response: ServerResponse): void {
  const prefix = query.get('prefix') ?? '';
  const found = [...objects].filter(([key]) => key.startsWith(prefix));
  const entries = found.map(
    ([key, { bytes, etag, modified }]) =>
      `<Contents><Key>${encodeURIComponent(key)}</Key><Size>${String(bytes)}</Size>` +
      `<ETag>${etag}</ETag><LastModified>${modified.toISOString()}</LastModified></Contents>`,
  );
  answer(
    response,
    200,
    `<ListBucketResult><KeyCount>${String(found.length)}</KeyCount><EncodingType>url</EncodingType>` +
      `<IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`,
  );
}

function refuse(response: ServerResponse, status: number, code: string): void {
  answer(response, status, `<Error><Code>${code}</Code></Error>`);
}

function answer(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
}
