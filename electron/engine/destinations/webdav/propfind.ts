import { fail } from '../../../../shared/domain/failure.ts';
import { connectionFailure } from '../common/http-failure.ts';
import { quotaOf } from '../common/quota.ts';
import { childOf, readElements, textOf } from '../common/read-xml.ts';
import type { XmlElement } from '../common/read-xml.ts';
import type { HttpReply } from '../common/http-client.ts';
import type { Quota } from '../contract.ts';
import type { DavConnection, DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';

/** What a server says of a file or folder. */
export interface DavEntry {
  /** Its last name, decoded. */
  readonly name: string;
  readonly folder: boolean;
  /** Null for folders, and where the server does not say. */
  readonly bytes: number | null;
  readonly modifiedMs: number | null;
  /** A strong ETag, without its quotes; a weak one does not tell bytes apart (RFC 9110 section 8.8.1). */
  readonly tag: string | null;
}

const properties = question('<resourcetype/><getcontentlength/><getlastmodified/><getetag/>');
const quotaProperties = question('<quota-used-bytes/><quota-available-bytes/>');

/** Null where there is nothing of that path. */
export async function lookUp(
  connection: DavConnection,
  path: DavPath,
  signal: AbortSignal,
): Promise<DavEntry | null> {
  for await (const { entry } of propfind(connection, encodedPath(path), 0, signal)) {
    return entry;
  }
  return null;
}

/**
 * What stands directly in a folder. A folder that is not there is `notFound`; names that cannot be part of a
 * path are left out.
 */
export async function* readFolder(
  connection: DavConnection,
  path: DavPath,
  signal: AbortSignal,
): AsyncGenerator<DavEntry> {
  let own: number | undefined;
  let found = false;
  const early: Found[] = [];
  for await (const one of propfind(connection, encodedPath(path, true), 1, signal)) {
    found = true;
    // A proxy may show other paths than it was asked for, so the folder is known by its shorter path.
    if (own === undefined) {
      early.push(one);
      if (one.depth !== path.length && early.length < 2) continue;
      own = Math.min(...early.map(({ depth }) => depth));
      for (const held of early) if (isChild(held, own)) yield held.entry;
    } else if (isChild(one, own)) {
      yield one.entry;
    }
  }
  if (!found) throw fail('notFound', 'There is no such folder on the server.');
}

/**
 * How full the storage of a folder is (RFC 4331 section 3). Null where the server keeps no account of it, and
 * where the folder is not there yet. Nextcloud and ownCloud say with a negative number that there is no limit,
 * or that they do not know one.
 */
export async function readQuota(
  connection: DavConnection,
  path: DavPath,
  signal: AbortSignal,
): Promise<Quota | null> {
  const asked = propfindReplies(connection, encodedPath(path, true), 0, quotaProperties, signal);
  for await (const response of asked) {
    const prop = propOf(response);
    const used = bytesIn(textOf(prop, 'quota-used-bytes'));
    return used === null ? null : quotaOf(used, bytesIn(textOf(prop, 'quota-available-bytes')));
  }
  return null;
}

interface Found {
  readonly entry: DavEntry;
  /** Names in its path. */
  readonly depth: number;
}

function isChild({ entry, depth }: Found, own: number): boolean {
  const { name } = entry;
  return depth === own + 1 && name !== '.' && name !== '..' && !/[/\0]/u.test(name);
}

async function* propfind(
  connection: DavConnection,
  path: string,
  depth: 0 | 1,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  for await (const response of propfindReplies(connection, path, depth, properties, signal)) {
    const found = entryOf(response);
    if (found !== null) yield found;
  }
}

/** The elements `response`, one after the other; none where there is nothing of that path. */
async function* propfindReplies(
  connection: DavConnection,
  path: string,
  depth: 0 | 1,
  body: Buffer,
  signal: AbortSignal,
): AsyncGenerator<XmlElement> {
  const headers = {
    depth: String(depth),
    'content-type': 'application/xml; charset=utf-8',
    accept: 'application/xml, text/xml',
  };
  const reply = await connection.send({ method: 'PROPFIND', path, headers, body }, signal);
  if (reply.status === 404) {
    await connection.drop(reply);
    return;
  }
  if (reply.status === 200) throw notDav(reply);
  if (reply.status !== 207) throw await connection.refused(reply);
  yield* readElements(replyChunks(reply), responses);
}

function question(names: string): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>${names}</prop></propfind>`,
  );
}

const responses: ReadonlySet<string> = new Set(['response']);

async function* replyChunks(reply: HttpReply): AsyncGenerator<Uint8Array> {
  try {
    yield* reply.chunks();
  } catch (error) {
    throw connectionFailure(error);
  }
}

function entryOf(response: XmlElement): Found | null {
  const names = namesOf(textOf(response, 'href') ?? '');
  const prop = propOf(response);
  if (names === null || prop === undefined) return null;
  const folder = childOf(childOf(prop, 'resourcetype'), 'collection') !== undefined;
  const modified = Date.parse(textOf(prop, 'getlastmodified') ?? '');
  return {
    depth: names.length,
    entry: {
      name: names.at(-1) ?? '',
      folder,
      bytes: folder ? null : bytesIn(textOf(prop, 'getcontentlength')),
      modifiedMs: Number.isNaN(modified) ? null : modified,
      tag: strongTag(textOf(prop, 'getetag')),
    },
  };
}

/** Null for what is no number of bytes. */
function bytesIn(text: string | undefined): number | null {
  const digits = text?.trim() ?? '';
  return /^\d{1,15}$/u.test(digits) ? Number(digits) : null;
}

/** The properties that the server has; undefined where it has none of those asked for. */
function propOf(response: XmlElement): XmlElement | undefined {
  const properties = response.children
    .filter(({ name }) => name === 'propstat')
    .find((propstat) => / 2\d\d( |$)/u.test(textOf(propstat, 'status') ?? ''));
  return childOf(properties, 'prop');
}

/** The ETag's value; null for a weak one, or none. */
export function strongTag(etag: string | undefined): string | null {
  return /^"([\x21\x23-\x7e]{1,200})"$/u.exec(etag?.trim() ?? '')?.[1] ?? null;
}

/** The names in a path or address; null where it cannot be read. */
function namesOf(href: string): string[] | null {
  const path = href.trim().replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/iu, '');
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map((part) => decodeURIComponent(part));
  } catch {
    return null;
  }
}

function notDav(reply: HttpReply): Error {
  void reply.discard().catch(() => undefined);
  return fail('invalid', 'The address is that of a web page, not of a WebDAV folder.', {
    hint: 'Use the address that the server shows for WebDAV; on Nextcloud it is below Files, Settings.',
  });
}
