import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import { piecesOf } from '../common/source-bytes.ts';
import type { PutResult, ReopenableSource } from '../contract.ts';
import type { DriveItem } from './drive-items.ts';
import type { GraphApi } from './graph-api.ts';
import { resultOf } from './put-result.ts';
import type { PutJob } from './put-result.ts';
import { QuickXorHash } from './quick-xor-hash.ts';
import type { KeptSession, SessionKeeper } from './session-keeper.ts';
import { fragmentUnit, sessionGone, UploadSession } from './upload-session.ts';

/** 10 MiB, as Microsoft advises; the service takes less than 60. */
const fragmentBytes = 32 * fragmentUnit;
/** A session that ends sooner is not worth going on with. */
const shortestRestMs = 60_000;

export interface SessionTools {
  readonly api: GraphApi;
  readonly keeper: SessionKeeper;
  /** Work that goes on after the put has rejected. */
  readonly background: (work: Promise<void>) => void;
}

/** An upload as it stands: where its session goes on. */
interface Begun {
  readonly session: UploadSession;
  readonly start: number;
}

/**
 * A file of at least one byte, fragment after fragment. The source is read from its start on every attempt and
 * hashed as a whole, and the last fragment leaves only when that hash is right; fragments that the service has are
 * not sent again. A session that it has ended or forgotten begins again, once.
 */
export async function putInSession(
  tools: SessionTools,
  job: PutJob,
  signal: AbortSignal,
): Promise<PutResult> {
  let begun = await beginOrResume(tools, job, signal);
  try {
    let made = await sendFragments(tools, begun, job, signal);
    if (made === sessionGone) {
      begun = await begin(tools, job, signal);
      made = await sendFragments(tools, begun, job, signal);
    }
    if (made === sessionGone) {
      throw fail('serverError', 'OneDrive ends the upload again and again.');
    }
    job.options.resume?.save(undefined);
    return await resultOf(tools.api, job, made.item, made.quickXorHash, signal);
  } catch (error) {
    giveUp(tools, begun.session, job, failureOf(error).code);
    throw error;
  }
}

async function beginOrResume(
  tools: SessionTools,
  job: PutJob,
  signal: AbortSignal,
): Promise<Begun> {
  const { source, options } = job;
  const { api, keeper } = tools;
  const kept = await keeper.load(options.resume);
  if (kept === undefined) return begin(tools, job, signal);
  if (kept.expiresMs - api.clock.now() < shortestRestMs) return begin(tools, job, signal);
  const session = reopened(api, kept);
  if (session === null) return begin(tools, job, signal);
  const { sha256, bytes } = source;
  const same = kept.path === pathText(job) && kept.sha256 === sha256 && kept.bytes === bytes;
  const start = same ? await session.ask(signal) : null;
  if (start === sessionGone) return begin(tools, job, signal);
  if (start !== null && start < bytes && start % fragmentUnit === 0) return { session, start };
  drop(tools, session);
  return begin(tools, job, signal);
}

/** Null where what was kept is no address that OneDrive could have given. */
function reopened(api: GraphApi, { address, expiresMs }: KeptSession): UploadSession | null {
  try {
    return new UploadSession(api, address, expiresMs);
  } catch (error) {
    if (failureOf(error).code !== 'serverError') throw error;
    return null;
  }
}

async function begin(tools: SessionTools, job: PutJob, signal: AbortSignal): Promise<Begun> {
  const { path, source, options } = job;
  options.resume?.save(undefined);
  const session = await UploadSession.begin(tools.api, path, source, signal);
  await keep(tools, session, job);
  return { session, start: 0 };
}

async function keep(
  { keeper }: SessionTools,
  { address, expiresMs }: UploadSession,
  job: PutJob,
): Promise<void> {
  const { sha256, bytes } = job.source;
  const kept = { address, expiresMs, path: pathText(job), sha256, bytes };
  await keeper.save(job.options.resume, kept);
}

interface Made {
  readonly item: DriveItem;
  readonly quickXorHash: string;
}

async function sendFragments(
  tools: SessionTools,
  { session, start }: Begun,
  job: PutJob,
  signal: AbortSignal,
): Promise<Made | typeof sessionGone> {
  const { source, options } = job;
  const hash = new QuickXorHash();
  let position = 0;
  let next = start;
  for await (const { body } of piecesOf(source, fragmentBytes, signal)) {
    hash.update(body);
    const end = position + body.length;
    if (next < end) {
      const missing = body.subarray(next - position);
      const taken = await session.send(missing, next, source.bytes, signal);
      if (taken === sessionGone) return sessionGone;
      if (taken.item !== null) {
        options.onProgress?.(end);
        return { item: completed(taken.item, end, source), quickXorHash: hash.digest() };
      }
      if (taken.next !== end) {
        throw fail('serverError', 'OneDrive took other bytes of the upload than were sent.');
      }
      next = end;
      await keep(tools, session, job);
    }
    position = end;
    options.onProgress?.(position);
  }
  throw fail('serverError', 'OneDrive has all bytes of the upload and does not finish it.');
}

function completed(item: DriveItem, end: number, source: ReopenableSource): DriveItem {
  if (end === source.bytes) return item;
  throw fail('serverError', 'OneDrive finished the upload before it had all bytes.');
}

/** What a later attempt can go on with is kept; anything else is ended. */
function giveUp(
  tools: SessionTools,
  session: UploadSession,
  { options }: PutJob,
  code: ReturnType<typeof failureOf>['code'],
): void {
  const worthKeeping =
    isTransient(code) || code === 'cancelled' || code === 'auth' || code === 'quota';
  if (worthKeeping && options.resume !== undefined) return;
  options.resume?.save(undefined);
  drop(tools, session);
}

function drop({ background }: SessionTools, session: UploadSession): void {
  const ended = session.cancel(AbortSignal.timeout(10_000));
  // The service ends it by itself after some days.
  background(ended.catch(() => undefined));
}

function pathText({ path }: PutJob): string {
  return path.join('/');
}
