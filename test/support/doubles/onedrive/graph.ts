import { randomUUID } from 'node:crypto';

import type { Drive, DriveItem, User } from '@microsoft/microsoft-graph-types';

import { Accounts, oneDriveAccount } from './accounts.ts';
import { DriveStore } from './drive-store.ts';
import type { ConflictBehavior, StoredItem } from './drive-store.ts';
import { UploadSessions } from './upload-sessions.ts';
import { isObject, json, jsonBody, Refused } from './wire.ts';
import type { GraphRequest, Reply } from './wire.ts';

const largestContent = 250 * 1024 * 1024;
const largestPage = 1000;
const downloadLifeMs = 300_000;

/** What a path leads to: an item, or a place for one. */
interface Target {
  readonly from: StoredItem;
  readonly names: readonly string[];
  /** Such as `children`; empty for the item itself. */
  readonly member: string;
}

/** Microsoft Graph v1.0 for one drive, its uploads and its downloads. */
export class Graph {
  readonly accounts = new Accounts();
  readonly store = new DriveStore();
  readonly sessions = new UploadSessions(this.store, (item) => this.store.describe(item));
  /** Requests that are told to slow down. */
  readonly throttle = { left: 0, retryAfterSeconds: 1 };
  /** Entries of a page, where fewer than a client asks for. */
  pageLimit = largestPage;
  /** Where it sends whoever is to go on elsewhere, in place of the true address. */
  misleads: string | undefined;
  readonly #downloads = new Map<string, { readonly id: string; readonly untilMs: number }>();

  handle(request: GraphRequest): Reply {
    try {
      return this.#answer(request);
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      throw error;
    }
  }

  #answer(request: GraphRequest): Reply {
    const { path, headers } = request;
    if (path === '/common/oauth2/v2.0/token') return this.accounts.token(request);
    if (this.throttle.left > 0) {
      this.throttle.left -= 1;
      const retryAfter = String(this.throttle.retryAfterSeconds);
      throw new Refused(429, 'activityLimitReached', { 'retry-after': retryAfter });
    }
    if (path.startsWith('/up/')) return this.sessions.handle(request);
    if (path.startsWith('/download/')) return this.#download(request);
    if (!path.startsWith('/v1.0/')) throw new Refused(404, 'ResourceNotFound');
    if (!this.accounts.isGood(headers.authorization)) {
      throw new Refused(401, 'InvalidAuthenticationToken', { 'www-authenticate': 'Bearer' });
    }
    const resource = path.slice('/v1.0'.length);
    if (resource === '/me') return json(200, selected(me, request));
    const [drive, below] = /^(?:\/me\/drive|\/drives\/drive)(.*)$/su.exec(resource) ?? [];
    if (drive === undefined || below === undefined) throw new Refused(400, 'BadRequest');
    if (below === '') return json(200, selected(this.#drive(), request));
    return this.#handleItem(request, this.#target(below));
  }

  #handleItem(request: GraphRequest, target: Target): Reply {
    const { method } = request;
    switch (`${method} ${target.member}`) {
      case 'GET ':
        return json(200, selected(this.store.describe(this.#existing(target)), request));
      case 'DELETE ':
        this.store.remove(this.#existing(target));
        return { status: 204 };
      case 'PATCH ':
        return json(200, this.#change(this.#existing(target), request));
      case 'GET children':
        return json(200, this.#children(this.#existing(target), request));
      case 'POST children': {
        const { name, folder, ...rest } = jsonBody(request);
        const behavior = conflictBehavior(rest['@microsoft.graph.conflictBehavior'], 'fail');
        if (typeof name !== 'string' || !isObject(folder)) throw new Refused(400, 'invalidRequest');
        const made = this.store.makeFolder(this.#existing(target), name, behavior);
        return json(201, this.store.describe(made));
      }
      case 'GET content':
        return this.#redirect(this.#existing(target), request);
      case 'PUT content':
        return this.#putContent(request, this.#place(target));
      case 'POST createUploadSession':
        return this.#beginSession(request, this.#place(target));
      default:
        throw new Refused(400, 'invalidRequest');
    }
  }

  #putContent(
    { query, headers, body }: GraphRequest,
    { parent, name }: { readonly parent: StoredItem; readonly name: string },
  ): Reply {
    if (headers['content-length'] === undefined) throw new Refused(411, 'invalidRequest');
    if (headers['content-type'] === undefined) throw new Refused(400, 'invalidRequest');
    if (body.length > largestContent) throw new Refused(413, 'requestEntityTooLarge');
    const wish = conflictBehavior(query.get('@microsoft.graph.conflictBehavior'), 'replace');
    const behavior = this.store.moods.contentHeedsFail ? wish : 'replace';
    const { item, created } = this.store.writeFile(parent, name, body, behavior, undefined);
    return json(created ? 201 : 200, this.store.describe(item));
  }

  #beginSession(
    request: GraphRequest,
    { parent, name }: { readonly parent: StoredItem; readonly name: string },
  ): Reply {
    const { item = {}, ...more } = request.body.length === 0 ? {} : jsonBody(request);
    if (!isObject(item) || Object.keys(more).some((key) => key !== 'deferCommit')) {
      throw new Refused(400, 'invalidRequest');
    }
    const known = ['@microsoft.graph.conflictBehavior', '@odata.type', 'description', 'fileSize'];
    known.push('fileSystemInfo', 'name');
    if (Object.keys(item).some((key) => !known.includes(key))) {
      throw new Refused(400, 'invalidRequest');
    }
    const { fileSize, fileSystemInfo } = item;
    const modified = isObject(fileSystemInfo) ? fileSystemInfo['lastModifiedDateTime'] : undefined;
    if (fileSize !== undefined && (typeof fileSize !== 'number' || fileSize < 1)) {
      throw new Refused(400, 'invalidRequest');
    }
    const wish = {
      behavior: conflictBehavior(item['@microsoft.graph.conflictBehavior'], 'replace'),
      fileSize,
      modified: typeof modified === 'string' ? modified : undefined,
    };
    const session = this.sessions.begin(parent, name, wish, request.contentOrigin);
    return json(200, { ...session, uploadUrl: this.misleads ?? session.uploadUrl });
  }

  #change(item: StoredItem, request: GraphRequest): DriveItem {
    const { fileSystemInfo, ...rest } = jsonBody(request);
    const modified = isObject(fileSystemInfo) ? fileSystemInfo['lastModifiedDateTime'] : undefined;
    if (typeof modified !== 'string' || Object.keys(rest).length > 0) {
      throw new Refused(400, 'invalidRequest');
    }
    item.modified = modified;
    return this.store.describe(item);
  }

  #children(folder: StoredItem, request: GraphRequest): unknown {
    const { query, origin, path } = request;
    if (folder.bytes !== null) throw new Refused(400, 'invalidRequest');
    const wished = Number(query.get('$top') ?? 200);
    if (!Number.isInteger(wished) || wished < 1) throw new Refused(400, 'invalidRequest');
    const size = Math.min(wished, largestPage, this.pageLimit);
    const start = Number(query.get('$skiptoken') ?? 0);
    const all = this.store.childrenOf(folder);
    const value = all
      .slice(start, start + size)
      .map((item) => selected(this.store.describe(item), request));
    if (start + size >= all.length) return { value };
    const next = new URLSearchParams(query);
    next.set('$skiptoken', String(start + size));
    const link = this.misleads ?? `${origin}${path}?${next.toString()}`;
    return { value, '@odata.nextLink': link };
  }

  #redirect(item: StoredItem, { contentOrigin }: GraphRequest): Reply {
    if (item.bytes === null) throw new Refused(400, 'invalidRequest');
    const ticket = randomUUID();
    this.#downloads.set(ticket, { id: item.id, untilMs: Date.now() + downloadLifeMs });
    const location = this.misleads ?? `${contentOrigin}/download/${ticket}`;
    return { status: 302, headers: { location } };
  }

  #download({ method, path, headers }: GraphRequest): Reply {
    if (headers.authorization !== undefined && this.store.moods.refusesToken) {
      throw new Refused(401, 'unauthenticated');
    }
    const ticket = this.#downloads.get(path.slice('/download/'.length));
    if (method !== 'GET' || ticket === undefined || ticket.untilMs < Date.now()) {
      throw new Refused(404, 'itemNotFound');
    }
    const { bytes } = this.store.item(ticket.id);
    if (bytes === null) throw new Refused(404, 'itemNotFound');
    if (headers.range === undefined) return { status: 200, body: bytes };
    const [, first, last] = /^bytes=(\d+)-(\d*)$/u.exec(headers.range) ?? [];
    if (first === undefined) throw new Refused(400, 'invalidRange');
    const start = Number(first);
    if (start >= bytes.length) throw new Refused(416, 'invalidRange');
    const part = bytes.subarray(start, last === '' ? undefined : Number(last) + 1);
    const range = `bytes ${first}-${String(start + part.length - 1)}/${String(bytes.length)}`;
    return { status: 206, headers: { 'content-range': range }, body: part };
  }

  /** learn.microsoft.com/graph/onedrive-addressing-driveitems. */
  #target(below: string): Target {
    const [, id, member = '', rest] =
      /^\/(?:root|items\/([^/:]+))(?:\/([A-Za-z]+)|:\/(.*))?$/su.exec(below) ?? [];
    if (!/^\/(?:root|items)(?:[/:]|$)/u.test(below)) throw new Refused(400, 'invalidRequest');
    const from = id === undefined ? this.store.root : this.store.item(decodeURIComponent(id));
    if (rest === undefined) {
      if (/[:]/u.test(below)) throw new Refused(400, 'invalidRequest');
      return { from, names: [], member };
    }
    const [path = '', after = '', ...more] = rest.split(':');
    if (more.length > 0 || !/^(?:\/[A-Za-z]+)?$/u.test(after)) {
      throw new Refused(400, 'invalidRequest');
    }
    const names = path.split('/').map((part) => this.#decoded(part));
    return { from, names, member: after.slice(1) };
  }

  #decoded(part: string): string {
    try {
      const once = decodeURIComponent(part);
      return this.store.moods.decodesTwice ? once.replace(/%41/gu, 'A') : once;
    } catch {
      throw new Refused(400, 'invalidRequest');
    }
  }

  #existing({ from, names }: Target): StoredItem {
    const item = this.store.find(from, names);
    if (item === undefined) throw new Refused(404, 'itemNotFound');
    return item;
  }

  #place({ from, names }: Target): { readonly parent: StoredItem; readonly name: string } {
    const name = names.at(-1);
    if (name === undefined) throw new Refused(400, 'invalidRequest');
    return { parent: this.#existing({ from, names: names.slice(0, -1), member: '' }), name };
  }

  #drive(): Drive {
    const { total } = this.store.moods;
    const used = this.store.used();
    const quota = { total, used, remaining: total - used, deleted: 0, state: 'normal' };
    return { id: 'drive', driveType: 'personal', quota };
  }
}

const me: User = {
  id: 'a-user',
  displayName: 'Somebody',
  mail: null,
  userPrincipalName: oneDriveAccount.email,
};

function conflictBehavior(wish: unknown, usual: ConflictBehavior): ConflictBehavior {
  if (wish === undefined || wish === null) return usual;
  if (wish === 'fail' || wish === 'replace' || wish === 'rename') return wish;
  throw new Refused(400, 'invalidRequest');
}

/** Only what was asked for. */
function selected(resource: object, { query }: GraphRequest): object {
  const wanted = query.get('$select')?.split(',');
  if (wanted === undefined) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([name]) => wanted.includes(name)));
}
