import { z } from 'zod';

import { failureOf } from '../../../../shared/domain/failure.ts';
import type { DavConnection, DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';

const statusSchema = z.object({
  productname: z.string().max(200),
  versionstring: z.string().max(50),
});
const longestStatus = 64 * 1024;

/**
 * The folder for uploads in chunks, where the server is a Nextcloud that has them in their second version
 * (docs.nextcloud.com, Developer manual, Chunked file upload) and the destination lies in a user's files,
 * `…/remote.php/dav/files/<user>/…`; null otherwise.
 */
export async function findNextcloud(
  connection: DavConnection,
  signal: AbortSignal,
): Promise<DavPath | null> {
  const { base } = connection.settings;
  const start = base.indexOf('remote.php');
  const [, dav, files, user] = start < 0 ? [] : base.slice(start);
  if (dav !== 'dav' || files !== 'files' || user === undefined) return null;
  const root = base.slice(0, start);
  const status = await readStatus(connection, [...root, 'status.php'], signal);
  const { productname = '', versionstring = '' } = status ?? {};
  const major = Number(/^\d+/u.exec(versionstring)?.[0] ?? 0);
  // Branded servers carry other names, and then do without.
  if (!/nextcloud/iu.test(productname) || major < firstMajor) return null;
  return [...root, 'remote.php', 'dav', 'uploads', user];
}

/** The version that brought it. */
const firstMajor = 26;

async function readStatus(
  connection: DavConnection,
  path: DavPath,
  signal: AbortSignal,
): Promise<z.infer<typeof statusSchema> | undefined> {
  try {
    const request = { method: 'GET', path: encodedPath(path) };
    const reply = await connection.expect(request, [200], signal);
    const text = (await reply.bytes(longestStatus)).toString('utf8');
    return statusSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (failureOf(error).code === 'cancelled') throw error;
    // Without it uploads go another way, which costs nothing but the resuming.
    return undefined;
  }
}
