import { fail } from '../../../../shared/domain/failure.ts';
import { connectionFailure } from '../common/http-failure.ts';
import { childOf, readElements, textOf } from '../common/read-xml.ts';
import type { XmlElement } from '../common/read-xml.ts';
import type { HttpReply } from '../common/http-client.ts';
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

const properties =
  '<?xml version="1.0" encoding="utf-8"?>' +
  '<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>';

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
  const headers = {
    depth: String(depth),
    'content-type': 'application/xml; charset=utf-8',
    accept: 'application/xml, text/xml',
  };
  const body = Buffer.from(properties);
  const reply = await connection.send({ method: 'PROPFIND', path, headers, body }, signal);
  if (reply.status === 404) {
    await connection.drop(reply);
    return;
  }
  if (reply.status === 200) throw notDav(reply);
  if (reply.status !== 207) throw await connection.refused(reply);
  for await (const response of readElements(replyChunks(reply), responses)) {
    const found = entryOf(response);
    if (found !== null) yield found;
  }
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
  const properties = response.children
    .filter(({ name }) => name === 'propstat')
    .find((propstat) => / 2\d\d( |$)/u.test(textOf(propstat, 'status') ?? ''));
  const prop = childOf(properties, 'prop');
  if (names === null || prop === undefined) return null;
  const folder = childOf(childOf(prop, 'resourcetype'), 'collection') !== undefined;
  const length = textOf(prop, 'getcontentlength')?.trim() ?? '';
  const modified = Date.parse(textOf(prop, 'getlastmodified') ?? '');
  return {
    depth: names.length,
    entry: {
      name: names.at(-1) ?? '',
      folder,
      bytes: !folder && /^\d{1,15}$/u.test(length) ? Number(length) : null,
      modifiedMs: Number.isNaN(modified) ? null : modified,
      tag: strongTag(textOf(prop, 'getetag')),
    },
  };
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
