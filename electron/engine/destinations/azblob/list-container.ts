import { fail } from '../../../../shared/domain/failure.ts';
import { connectionFailure } from '../common/http-failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { childOf, readElements, textOf } from '../common/read-xml.ts';
import type { XmlElement } from '../common/read-xml.ts';
import type { ObjectInfo } from '../contract.ts';
import type { AzureConnection } from './connection.ts';

/** Every blob below a prefix, page by page. */
export async function* listContainer(
  connection: AzureConnection,
  prefix: string,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  const base = connection.settings.prefix;
  let marker = '';
  do {
    const query = {
      ...{ restype: 'container', comp: 'list', maxresults: String(pageSize) },
      // An empty option would be signed in another way than it is sent.
      ...(`${base}${prefix}` === '' ? {} : { prefix: `${base}${prefix}` }),
      ...(marker === '' ? {} : { marker }),
    };
    const reply = await connection.send({ method: 'GET', query }, [200], signal);
    let next: string | undefined;
    for await (const element of readElements(chunksOf(reply), wanted)) {
      if (element.name === 'NextMarker') {
        next = element.text.trim();
        continue;
      }
      const info = infoOf(element, base);
      if (info !== null) yield info;
    }
    // The last page says that nothing comes after it; what says nothing was cut short.
    if (next === undefined) throw fail('serverError', 'The server cut its list of files short.');
    marker = next;
  } while (marker !== '');
}

const wanted: ReadonlySet<string> = new Set(['Blob', 'NextMarker']);

async function* chunksOf(reply: HttpReply): AsyncGenerator<Uint8Array> {
  try {
    yield* reply.chunks();
  } catch (error) {
    throw connectionFailure(error);
  }
}

function infoOf(blob: XmlElement, base: string): ObjectInfo | null {
  const name = textOf(blob, 'Name') ?? '';
  const properties = childOf(blob, 'Properties');
  const length = textOf(properties, 'Content-Length') ?? '';
  // Directories of accounts with a hierarchical namespace come as blobs that end in a slash or have no length.
  if (!name.startsWith(base) || name.endsWith('/') || !/^\d{1,15}$/u.test(length)) return null;
  if (textOf(properties, 'ResourceType') === 'directory') return null;
  const modified = Date.parse(textOf(properties, 'Last-Modified') ?? '');
  return {
    key: name.slice(base.length),
    bytes: Number(length),
    modifiedMs: Number.isNaN(modified) ? null : modified,
    hashes: {},
    tag: tagOf(textOf(properties, 'Etag')),
  };
}

/** An ETag without the quotes that it has in headers but not in lists. */
export function tagOf(etag: string | undefined): string | null {
  return /^"?([\x21\x23-\x7e]{1,200})"?$/u.exec(etag?.trim() ?? '')?.[1] ?? null;
}
