import { CloudrollError, fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { piecesOf } from '../common/source-bytes.ts';
import type { ObjectInfo, PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import { ChecksumComputer } from './checksums.ts';
import type { Checksums } from './checksums.ts';
import type { GoogleStorageConnection } from './connection.ts';
import type { StorageObject } from './object-resource.ts';
import { sealSession, unsealSession } from './sealed-session.ts';
import { askSession, beginSession, chunkUnit, sendPart } from './session-requests.ts';
import type { SessionState } from './session-requests.ts';
import { provenResult } from './stored-object.ts';

/** Bytes of a request; what breaks off costs at most this much again. */
const pieceBytes = 32 * chunkUnit;

export interface SessionTools {
  readonly connection: GoogleStorageConnection;
  readonly random: Random;
  readonly find: (key: string, signal: AbortSignal) => Promise<ObjectInfo | null>;
}

interface Begun {
  readonly path: string;
  readonly state: Exclude<SessionState, { readonly kind: 'gone' }>;
}

/**
 * Uploads piece by piece within a session of the service, which lives for a week. The source is read from its
 * start on every attempt and hashed as a whole; bytes that the service has are not sent again. Until the last
 * piece nothing is visible, and with it the service checks that the name is free and the hashes are right.
 */
export async function putSession(
  tools: SessionTools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutResult> {
  const begun = await beginOrResume(tools, key, source, options, signal);
  try {
    const { object, checksums } = await sendPieces(tools, begun, source, options, signal);
    const result = await provenResult(tools.connection, key, source, object, checksums);
    options.resume?.save(undefined);
    return result;
  } catch (error) {
    const { code } = failureOf(error);
    const worthKeeping =
      isTransient(code) || code === 'cancelled' || code === 'auth' || code === 'quota';
    if (!worthKeeping || error instanceof SessionLost) options.resume?.save(undefined);
    throw error;
  }
}

async function beginOrResume(
  tools: SessionTools,
  key: string,
  source: ReopenableSource,
  { resume }: PutOptions,
  signal: AbortSignal,
): Promise<Begun> {
  const { connection, random } = tools;
  const { sha256, bytes } = source;
  const secret = await connection.secret();
  const earlier = unsealSession(resume?.load(), secret);
  const there = await tools.find(key, signal);
  if (earlier?.key === key && earlier.sha256 === sha256 && earlier.bytes === bytes) {
    const state = await askSession(connection, earlier.path, bytes, signal);
    // It may have ended with nobody there to hear it, and what it made been removed since.
    const own = state.kind === 'done' && state.object.generation === there?.tag;
    if (own || (state.kind === 'open' && there === null)) return { path: earlier.path, state };
  }
  if (there !== null) throw fail('conflict', `${key} exists already.`);
  const path = await beginSession(connection, key, source, signal);
  resume?.save(sealSession({ path, key, sha256, bytes }, secret, random));
  return { path, state: { kind: 'open', offset: 0 } };
}

async function sendPieces(
  { connection }: SessionTools,
  { path, state }: Begun,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<{ object: StorageObject; checksums: Checksums }> {
  const computer = new ChecksumComputer();
  let object = state.kind === 'done' ? state.object : undefined;
  let offset = state.kind === 'done' ? source.bytes : state.offset;
  for await (const { number, body } of piecesOf(source, pieceBytes, signal)) {
    computer.update(body);
    const start = (number - 1) * pieceBytes;
    const end = start + body.length;
    const whole = end === source.bytes ? { checksums: computer.current() } : {};
    while (offset < end) {
      if (offset < start) throw new SessionLost();
      const part = { offset, body: body.subarray(offset - start), total: source.bytes, ...whole };
      const next = await sendPart(connection, path, part, signal);
      if (next.kind === 'done' && end === source.bytes) {
        object = next.object;
        offset = end;
      } else if (next.kind === 'open' && next.offset > offset) {
        offset = next.offset;
      } else if (next.kind === 'open' && next.offset === offset) {
        throw fail('serverError', 'Google took nothing of what was sent.');
      } else {
        throw new SessionLost();
      }
    }
    options.onProgress?.(end);
  }
  throwIfCancelled(signal);
  if (object === undefined) throw new SessionLost();
  return { object, checksums: computer.current() };
}

/** What was begun cannot be gone on with; another attempt begins anew. */
class SessionLost extends CloudrollError {
  constructor() {
    super({ code: 'serverError', message: 'Google no longer knows the upload that was begun.' });
  }
}
