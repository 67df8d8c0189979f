import { fail } from '../../../../shared/domain/failure.ts';
import { bytesOfSource } from '../common/source-bytes.ts';
import type { PutResult, ReopenableSource } from '../contract.ts';
import { valueOf } from './connection.ts';
import type { DropboxConnection } from './connection.ts';
import { contentHashOf } from './content-hash.ts';
import type { KnownContents } from './known-contents.ts';
import { fileSchema, infoOf } from './metadata.ts';
import type { FileMetadata } from './metadata.ts';
import { removeFile } from './remove-file.ts';

export interface PutTools {
  readonly connection: DropboxConnection;
  readonly known: KnownContents;
  /** The path at Dropbox of a key. */
  readonly pathOf: (key: string) => string;
}

/** One request, one file: refused where the name is taken, and where other bytes arrive than were meant. */
export async function putFile(
  tools: PutTools,
  key: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<PutResult> {
  const { connection, known } = tools;
  const body = await bytesOfSource(source, signal);
  const contentHash = contentHashOf(body);
  known.learn(contentHash, source.sha256);
  const argument = { ...commitOf(tools.pathOf(key), source), content_hash: contentHash };
  const file = valueOf(await connection.upload(fileSchema, 'files/upload', argument, body, signal));
  return provenBy(tools, key, file, { source, contentHash }, signal);
}

/**
 * How a file gets its name: never over another one, not even over one of the same content. A time that the format
 * has no room for is left out.
 */
export function commitOf(path: string, { modifiedMs }: ReopenableSource): object {
  const written = modifiedMs >= 0 && modifiedMs <= latestMs;
  return {
    path,
    mode: 'add',
    autorename: false,
    strict_conflict: true,
    // Nobody wants to be told of every photo by the Dropbox program.
    mute: true,
    ...(written
      ? { client_modified: new Date(modifiedMs).toISOString().replace(/\.\d+Z$/u, 'Z') }
      : {}),
  };
}

/** The last moment with a year of four digits. */
const latestMs = Date.UTC(9999, 11, 31);

/**
 * Holds what Dropbox says it stored against what was sent. The content hash is made of nothing but SHA-256, over
 * the very bytes whose own SHA-256 was checked on their way, so an equal one is proof of that. A file that turns
 * out to be another is taken away again.
 */
export async function provenBy(
  { connection, known, pathOf }: PutTools,
  key: string,
  file: FileMetadata,
  sent: { readonly source: ReopenableSource; readonly contentHash: string },
  signal: AbortSignal,
): Promise<PutResult> {
  const { source, contentHash } = sent;
  const stored = file.content_hash ?? contentHash;
  if (file.size !== source.bytes || stored !== contentHash) {
    await removeFile(connection, pathOf(key), file.rev, signal);
    throw fail('corrupt', 'Dropbox stored other bytes than were sent.', {
      hint: 'It is sent again; if this goes on, the connection is faulty.',
    });
  }
  const evidence = file.content_hash === undefined ? null : ('server-sha256' as const);
  return { ...infoOf(key, file, known), evidence };
}
