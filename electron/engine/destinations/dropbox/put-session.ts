import { z } from 'zod';

import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { piecesOf } from '../common/source-bytes.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import { valueOf } from './connection.ts';
import { blockBytes, ContentHash } from './content-hash.ts';
import { refusalFailure } from './dropbox-failure.ts';
import type { DropboxRefusal } from './dropbox-failure.ts';
import { fileSchema } from './metadata.ts';
import type { FileMetadata } from './metadata.ts';
import { commitOf, provenBy } from './put-file.ts';
import type { PutTools } from './put-file.ts';
import { endOf, remainder } from './session-part.ts';
import type { Part } from './session-part.ts';

const tokenSchema = z.object({
  /** Of the upload session; of no use without the account's sign-in. */
  session: z.string().min(1).max(1000),
  key: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
});
type Token = z.infer<typeof tokenSchema>;

/** Sent in one request: whole blocks, as Dropbox advises. */
const pieceBytes = 2 * blockBytes;
const noBytes = new Uint8Array();
const startSchema = z.object({ session_id: z.string().min(1).max(1000) });

export interface SessionTools extends PutTools {
  readonly exists: (key: string, signal: AbortSignal) => Promise<boolean>;
}

/** An upload session and how far it is. */
interface Session {
  readonly id: string;
  /** Bytes that Dropbox has. */
  offset: number;
}

/**
 * Uploads piece by piece in a session, each piece refused by Dropbox where it arrives damaged. The source is read
 * from its start on every attempt and hashed as a whole; what the session has is not sent again. The last piece
 * leaves only when all bytes have proven to be the promised ones, and makes the file in the same request. A
 * session that never became a file is invisible, and forgotten by Dropbox after a week.
 */
export async function putSession(
  tools: SessionTools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutResult> {
  try {
    if (await tools.exists(key, signal)) throw fail('conflict', `${key} exists already.`);
    const session = await beginOrResume(tools, key, source, options, signal);
    const result = await sendAll(tools, key, source, { session, options }, signal);
    options.resume?.save(undefined);
    return result;
  } catch (error) {
    const { code } = failureOf(error);
    const worthKeeping =
      isTransient(code) || code === 'cancelled' || code === 'auth' || code === 'quota';
    if (!worthKeeping) options.resume?.save(undefined);
    throw error;
  }
}

async function beginOrResume(
  tools: SessionTools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<Session> {
  const { sha256, bytes } = source;
  const earlier = parseToken(options.resume?.load());
  if (earlier?.key === key && earlier.sha256 === sha256 && earlier.bytes === bytes) {
    const offset = await offsetOf(tools, earlier.session, signal);
    if (offset !== null && offset <= bytes) return { id: earlier.session, offset };
  }
  const begun = await tools.connection.upload(
    startSchema,
    'files/upload_session/start',
    { close: false },
    noBytes,
    signal,
  );
  const id = valueOf(begun).session_id;
  const token: Token = { session: id, key, sha256, bytes };
  options.resume?.save(JSON.stringify(token));
  return { id, offset: 0 };
}

/** Bytes that a session has; null where it is no more. Adding nothing in a wrong place makes Dropbox tell. */
async function offsetOf(
  { connection }: SessionTools,
  id: string,
  signal: AbortSignal,
): Promise<number | null> {
  const argument = { cursor: { session_id: id, offset: 0 }, close: false };
  const answer = await connection.upload(
    z.unknown(),
    'files/upload_session/append_v2',
    argument,
    noBytes,
    signal,
  );
  if (answer.ok) return 0;
  const { refusal } = answer;
  if (refusal.correctOffset !== undefined) return refusal.correctOffset;
  if (isGone(refusal)) return null;
  throw refusalFailure(refusal);
}

async function sendAll(
  tools: SessionTools,
  key: string,
  source: ReopenableSource,
  { session, options }: { readonly session: Session; readonly options: PutOptions },
  signal: AbortSignal,
): Promise<PutResult> {
  const whole = new ContentHash();
  let start = 0;
  for await (const { body } of piecesOf(source, pieceBytes, signal)) {
    const part: Part = { start, body, hash: whole.add(body) };
    start = endOf(part);
    if (start < source.bytes) {
      await append(tools, session, part, options, signal);
      options.onProgress?.(start);
      continue;
    }
    const contentHash = whole.digest();
    tools.known.learn(contentHash, source.sha256);
    const commit = commitOf(tools.pathOf(key), source);
    const file = await finish(tools, session, { part, commit }, options, signal);
    options.onProgress?.(source.bytes);
    return provenBy(tools, key, file, { source, contentHash }, signal);
  }
  throw fail('bug', 'An upload in a session was to have no bytes.');
}

async function append(
  { connection }: SessionTools,
  session: Session,
  part: Part,
  options: PutOptions,
  signal: AbortSignal,
): Promise<void> {
  while (session.offset < endOf(part)) {
    const { body, hash } = remainder(part, session.offset);
    const cursor = { session_id: session.id, offset: session.offset };
    const answer = await connection.upload(
      z.unknown(),
      'files/upload_session/append_v2',
      { cursor, close: false, content_hash: hash },
      body,
      signal,
    );
    if (answer.ok) session.offset = endOf(part);
    else goOnFrom(answer.refusal, session, options);
  }
}

/** The last part and the name. Where an earlier attempt brought the bytes but not the file, only the name. */
async function finish(
  { connection }: SessionTools,
  session: Session,
  { part, commit }: { readonly part: Part; readonly commit: object },
  options: PutOptions,
  signal: AbortSignal,
): Promise<FileMetadata> {
  while (session.offset <= endOf(part)) {
    const { body, hash } = remainder(part, session.offset);
    const cursor = { session_id: session.id, offset: session.offset };
    const answer = await connection.upload(
      fileSchema,
      'files/upload_session/finish',
      { cursor, commit, content_hash: hash },
      body,
      signal,
    );
    if (answer.ok) return answer.value;
    goOnFrom(answer.refusal, session, options);
  }
  throw lost(options);
}

/** An earlier request may have come through without its reply: what Dropbox has then is not sent again. */
function goOnFrom(refusal: DropboxRefusal, session: Session, options: PutOptions): void {
  const { correctOffset } = refusal;
  if (correctOffset === undefined) {
    throw isGone(refusal) ? lost(options) : refusalFailure(refusal);
  }
  // The place was right all the same: a hitch of Dropbox’s own.
  if (correctOffset === session.offset) {
    throw fail('serverError', 'Dropbox did not take a piece of the file, and does not say why.');
  }
  if (correctOffset < session.offset) throw lost(options);
  session.offset = correctOffset;
}

/** Expired, or become a file. */
function isGone({ tags }: DropboxRefusal): boolean {
  return tags.includes('not_found') || tags.includes('closed');
}

/** The next attempt begins anew, or finds the file. */
function lost(options: PutOptions): CloudrollError {
  options.resume?.save(undefined);
  return fail('serverError', 'Dropbox does not have the upload that was begun any more.');
}

function parseToken(text: string | undefined): Token | undefined {
  if (text === undefined) return undefined;
  try {
    return tokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
