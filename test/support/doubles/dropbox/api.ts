import { randomBytes } from 'node:crypto';

import type { z } from 'zod';

import { routeArguments } from './arguments.ts';
import { DropboxSessions } from './sessions.ts';
import type { SessionCursor } from './sessions.ts';
import { DropboxSignIn } from './sign-in.ts';
import type { RegisteredApp } from './sign-in.ts';
import { contentHash, DropboxTree } from './tree.ts';
import type { Commit } from './tree.ts';
import { badRequest, errorReply, headerSafe, isHeaderSafe, jsonReply, Refused } from './wire.ts';
import type { DropboxRequest, Reply, Tagged } from './wire.ts';

const largestRequest = 150 * 1024 * 1024;
const read = 'files.content.read';
const write = 'files.content.write';
const look = 'files.metadata.read';

/** One account at Dropbox and the servers it is reached by. */
export class DropboxApi {
  readonly tree = new DropboxTree();
  readonly sessions = new DropboxSessions();
  readonly signIn: DropboxSignIn;
  /** Most entries a page of a list has, whatever was asked for. */
  pageSize = 2000;
  readonly #cursors = new Map<string, readonly object[]>();

  constructor(app: RegisteredApp) {
    this.signIn = new DropboxSignIn(app);
  }

  /** Every cursor given out so far answers `reset`. */
  resetCursors(): void {
    this.#cursors.clear();
  }

  handle(host: 'api' | 'content' | 'site', request: DropboxRequest): Reply {
    const { route, method, url } = request;
    if (host === 'site') {
      const known = method === 'GET' && url.pathname === '/oauth2/authorize';
      return known ? this.signIn.authorize(request) : { status: 404 };
    }
    if (host === 'api' && url.pathname === '/oauth2/token') return this.signIn.token(request);
    if (!url.pathname.startsWith('/2/')) return { status: 404 };
    if (method !== 'POST') return badRequest(route, 'Wrong method.');
    try {
      return host === 'api' ? this.#rpc(request) : this.#content(request);
    } catch (error) {
      if (error instanceof Refused) return errorReply(409, error.error);
      if (error instanceof BadRequest) return badRequest(route, error.message);
      throw error;
    }
  }

  #rpc(request: DropboxRequest): Reply {
    const { tree } = this;
    switch (request.route) {
      case 'files/get_metadata':
        return this.#allowed(request, look, () => {
          const { path } = bodyOf(routeArguments.metadata, request);
          return within('path', () => tree.metadata(path));
        });
      case 'files/list_folder':
        return this.#allowed(request, look, () => {
          const { path, recursive, limit } = bodyOf(routeArguments.list, request);
          return this.#page(
            within('path', () => tree.below(path, recursive)),
            limit,
          );
        });
      case 'files/list_folder/continue':
        return this.#allowed(request, look, () => {
          const { cursor } = bodyOf(routeArguments.listContinue, request);
          const rest = this.#cursors.get(cursor);
          if (rest === undefined) throw new Refused({ '.tag': 'reset' });
          return this.#page(rest, undefined);
        });
      case 'files/create_folder_v2':
        return this.#allowed(request, write, () => {
          const { path } = bodyOf(routeArguments.createFolder, request);
          return { metadata: within('path', () => tree.makeFolder(path)) };
        });
      case 'files/upload_session/finish_batch_v2':
        return this.#allowed(request, write, () => {
          const { entries } = bodyOf(routeArguments.finishBatch, request);
          return { entries: entries.map((entry) => this.#finishOne(entry)) };
        });
      case 'files/delete_v2':
        return this.#allowed(request, write, () => {
          const { path, parent_rev: rev } = bodyOf(routeArguments.remove, request);
          within('path_lookup', () => tree.find(path));
          return { metadata: within('path_write', () => tree.remove(path, rev)) };
        });
      case 'users/get_space_usage':
        return this.#allowed(request, 'account_info.read', () => {
          requireNoBody(request);
          const allocation = { '.tag': 'individual', allocated: tree.moods.allocated };
          return { used: tree.used, allocation };
        });
      case 'users/get_current_account':
        return this.#allowed(request, 'account_info.read', () => {
          requireNoBody(request);
          return { account_id: 'dbid:AAH4f99', email: 'me@example.com', email_verified: true };
        });
      case 'auth/token/revoke':
        return this.#allowed(request, null, () => {
          requireNoBody(request);
          this.signIn.revoke(request);
          return null;
        });
      default:
        return badRequest(request.route, 'Unknown API function.');
    }
  }

  #content(request: DropboxRequest): Reply {
    const { tree, sessions } = this;
    switch (request.route) {
      case 'files/upload':
        return this.#allowed(request, write, () => {
          const { content_hash: hash, ...commit } = uploadArgument(routeArguments.upload, request);
          requireSound(request, hash);
          return written(tree, commit, request.body, sessions);
        });
      case 'files/upload_session/start':
        return this.#allowed(request, write, () => {
          const { close, content_hash: hash } = uploadArgument(routeArguments.start, request);
          requireSound(request, hash);
          return { session_id: sessions.start(request.body, close) };
        });
      case 'files/upload_session/append_v2':
        return this.#allowed(request, write, () => {
          const { cursor, close, content_hash } = uploadArgument(routeArguments.append, request);
          requireSound(request, content_hash);
          sessions.append(cursor, request.body, close);
          return null;
        });
      case 'files/upload_session/finish':
        return this.#allowed(request, write, () => {
          const { cursor, commit, content_hash } = uploadArgument(routeArguments.finish, request);
          requireSound(request, content_hash);
          const bytes = within('lookup_failed', () => sessions.content(cursor, request.body));
          return this.#finish(cursor, commit, bytes);
        });
      case 'files/download':
        return this.signIn.refuse(request, read) ?? this.#download(request);
      default:
        return badRequest(request.route, 'Unknown API function.');
    }
  }

  #finish({ session_id: id }: SessionCursor, commit: Commit, bytes: Buffer): object {
    const file = within('path', () => this.tree.write(commit, bytes));
    this.sessions.end(id);
    return file;
  }

  /** One of several, which does not keep the others back. */
  #finishOne({ cursor, commit }: { cursor: SessionCursor; commit: Commit }): object {
    try {
      const bytes = within('lookup_failed', () => this.sessions.closedContent(cursor));
      return { ...this.#finish(cursor, commit, bytes), '.tag': 'success' };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { '.tag': 'failure', failure: error.error };
    }
  }

  #allowed(request: DropboxRequest, scope: string | null, run: () => unknown): Reply {
    return this.signIn.refuse(request, scope) ?? jsonReply(200, run());
  }

  #page(entries: readonly object[], limit: number | undefined): object {
    const size = Math.min(limit ?? this.pageSize, this.pageSize);
    const cursor = randomBytes(18).toString('base64url');
    this.#cursors.set(cursor, entries.slice(size));
    return { entries: entries.slice(0, size), cursor, has_more: entries.length > size };
  }

  #download(request: DropboxRequest): Reply {
    const type = request.headers['content-type'] ?? '';
    if (!['', 'application/octet-stream', 'text/plain; charset=utf-8'].includes(type)) {
      throw new BadRequest(`Bad HTTP "Content-Type" header: "${type}".`);
    }
    if (request.body.length > 0) throw new BadRequest('The request body should be empty.');
    const { path } = headerArgument(routeArguments.download, request);
    const entry = within('path', () => this.tree.find(path));
    if (entry.kind === 'folder') {
      throw new Refused({ '.tag': 'path', path: { '.tag': 'not_file' } });
    }
    const metadata = this.tree.metadata(path);
    return ranged(entry.bytes, request.headers.range, {
      'content-type': 'application/octet-stream',
      'dropbox-api-result': headerSafe(metadata),
    });
  }
}

class BadRequest extends Error {}

function written(
  tree: DropboxTree,
  commit: Commit,
  body: Buffer,
  sessions: DropboxSessions,
): object {
  try {
    return tree.write(commit, body);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // The bytes are not lost: they wait in a session for another try at the name.
    const id = sessions.start(body, true);
    throw new Refused({ '.tag': 'path', reason: error.error, upload_session_id: id });
  }
}

/** An inner refusal as a member of an outer one. */
function within<T>(tag: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const outer: Tagged = { '.tag': tag, [tag]: error.error };
    throw new Refused(outer);
  }
}

function bodyOf<T>(schema: z.ZodType<T>, { headers, body }: DropboxRequest): T {
  if (!/^application\/json(?:; ?charset=utf-8)?$/iu.test(headers['content-type'] ?? '')) {
    throw new BadRequest('Bad HTTP "Content-Type" header. Expecting "application/json".');
  }
  return parsed(schema, body.toString('utf8'));
}

function requireNoBody({ headers, body }: DropboxRequest): void {
  const none = body.length === 0 && headers['content-type'] === undefined;
  const empty = body.toString() === 'null' && headers['content-type'] === 'application/json';
  if (!none && !empty) throw new BadRequest('This function takes no argument.');
}

function uploadArgument<T>(schema: z.ZodType<T>, request: DropboxRequest): T {
  if (request.headers['content-type'] !== 'application/octet-stream') {
    throw new BadRequest('Bad HTTP "Content-Type" header. Expecting "application/octet-stream".');
  }
  if (request.body.length > largestRequest) throw new Refused({ '.tag': 'payload_too_large' });
  return headerArgument(schema, request);
}

function headerArgument<T>(schema: z.ZodType<T>, { headers }: DropboxRequest): T {
  const text = headers['dropbox-api-arg'];
  if (typeof text !== 'string') throw new BadRequest('Must provide "Dropbox-API-Arg".');
  if (!isHeaderSafe(text)) throw new BadRequest('HTTP header "Dropbox-API-Arg" is not ASCII.');
  return parsed(schema, text);
}

function parsed<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRequest('Could not decode input as JSON.');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new BadRequest(`request body: ${result.error.message}`);
}

function requireSound({ body }: DropboxRequest, hash: string | undefined): void {
  if (hash !== undefined && hash !== contentHash(body)) {
    throw new Refused({ '.tag': 'content_hash_mismatch' });
  }
}

function ranged(
  bytes: Buffer,
  range: string | undefined,
  headers: Readonly<Record<string, string>>,
): Reply {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
  const length = (body: Buffer) => ({ ...headers, 'content-length': String(body.length) });
  if (start === undefined) return { status: 200, headers: length(bytes), body: bytes };
  if (Number(start) >= bytes.length) return { status: 416 };
  const body = bytes.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
  const last = Number(start) + body.length - 1;
  const contentRange = `bytes ${start}-${String(last)}/${String(bytes.length)}`;
  return { status: 206, headers: { ...length(body), 'content-range': contentRange }, body };
}
