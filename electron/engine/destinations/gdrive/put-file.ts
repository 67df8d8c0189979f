import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import type { DriveApi } from './drive-api.ts';
import { infoOf, isMarked, oldestFirst } from './drive-file.ts';
import type { DriveFile } from './drive-file.ts';
import type { FileIds } from './file-ids.ts';
import type { DriveFolders } from './folders.ts';
import { newFile } from './metadata.ts';
import type { NewFile } from './metadata.ts';
import { putMultipart } from './put-multipart.ts';
import { askSession, beginSession, sendChunks } from './put-session.ts';
import type { Upload, UploadStates } from './upload-state.ts';

/** Larger files go up in a session of their own. */
const multipartBytes = 5_000_000;

export interface PutTools {
  readonly api: DriveApi;
  readonly ids: FileIds;
  readonly folders: DriveFolders;
  readonly uploads: UploadStates;
  readonly random: Random;
}

export interface PutJob {
  readonly key: string;
  /** Ids of the folders of that path; new files go into the first. */
  readonly folders: readonly string[];
  readonly name: string;
  readonly source: ReopenableSource;
  readonly options: PutOptions;
}

/** Where an attempt stands. */
interface Attempt {
  /** Undefined where there is nothing to go on with. */
  upload: Upload | undefined;
}

/**
 * Makes one file, once: its id is known before, so Google refuses it a second time. The name is looked up before
 * and after; where two devices made it at the same moment, the younger one is taken away by the device that made it.
 */
export async function putFile(
  tools: PutTools,
  job: PutJob,
  signal: AbortSignal,
): Promise<PutResult> {
  const { key, folders, name, source, options } = job;
  const attempt: Attempt = {
    upload: await tools.uploads.takeOver(key, source, options.resume),
  };
  try {
    const found = await tools.api.find(folders, name, signal);
    const mine = found.find(({ id }) => id === attempt.upload?.id);
    if (mine === undefined && found.length > 0) {
      throw fail('conflict', `${key} exists already.`);
    }
    const file = mine ?? (await create(tools, job, attempt, signal));
    const result = await settle(tools, job, attempt, file, signal);
    options.resume?.save(undefined);
    return result;
  } catch (error) {
    const { code } = failureOf(error);
    const worthKeeping =
      isTransient(code) || ['cancelled', 'auth', 'quota', 'notFound'].includes(code);
    if (!worthKeeping || attempt.upload === undefined) options.resume?.save(undefined);
    else tools.uploads.giveBack(key, source, attempt.upload);
    if (code !== 'notFound') throw error;
    tools.folders.forget();
    throw fail('serverError', 'The folder in Google Drive is gone.', { cause: error });
  }
}

async function create(
  tools: PutTools,
  job: PutJob,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<DriveFile> {
  const { source, options, key } = job;
  const upload = (attempt.upload ??= { id: await tools.ids.take(signal), session: undefined });
  try {
    if (source.bytes > multipartBytes) {
      return await createInSession(tools, job, attempt, upload, signal);
    }
    const file = await putMultipart(tools, meantFile(job, upload), source, signal);
    options.onProgress?.(source.bytes);
    return file;
  } catch (error) {
    if (failureOf(error).code !== 'conflict') throw error;
    // An earlier attempt with this id succeeded, only its reply was lost.
    const made = await tools.api.get(upload.id, signal);
    if (made === null) throw fail('conflict', `${key} existed already.`, { cause: error });
    return made;
  }
}

async function createInSession(
  { api, uploads }: PutTools,
  job: PutJob,
  attempt: Attempt,
  { id, session: earlier }: Upload,
  signal: AbortSignal,
): Promise<DriveFile> {
  const { source, options, key } = job;
  if (earlier !== undefined) {
    const file = await goOn(api, earlier, source, options, signal);
    if (file !== null) return file;
  }
  const upload = { id, session: undefined };
  attempt.upload = upload;
  const session = await beginSession(api, meantFile(job, upload), source, signal);
  attempt.upload = { id, session };
  await uploads.keep(key, source, attempt.upload, options.resume);
  const file = await sendChunks(api, session, 0, source, options, signal);
  if (file !== null) return file;
  attempt.upload = upload;
  throw fail('serverError', 'Google Drive has forgotten an upload that was under way.');
}

/** Null where Google has forgotten the session. */
async function goOn(
  api: DriveApi,
  session: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<DriveFile | null> {
  const state = await askSession(api, session, source, signal);
  if (state === null) return null;
  if ('file' in state) return state.file;
  return sendChunks(api, session, state.offset, source, options, signal);
}

function meantFile({ folders: [folder = ''], name, source }: PutJob, { id }: Upload): NewFile {
  return newFile({ id, name, folder }, source);
}

/** What was made counts only where it is what was meant, in its place, and the only one. */
async function settle(
  { api, folders: places }: PutTools,
  { key, folders, name, source }: PutJob,
  attempt: Attempt,
  file: DriveFile,
  signal: AbortSignal,
): Promise<PutResult> {
  const takeAway = async (): Promise<void> => {
    await api.remove(file.id, signal);
    attempt.upload = undefined;
  };
  if (file.trashed) {
    await takeAway();
    places.forget();
    throw fail('serverError', 'The folder in Google Drive lies in the trash.', {
      hint: 'Put it back on drive.google.com.',
    });
  }
  const { sha256Checksum: sha256 } = file;
  const different = sha256 !== undefined && sha256 !== source.sha256;
  if (different || Number(file.size) !== source.bytes) {
    await takeAway();
    throw fail('corrupt', 'Google Drive stored other bytes than were sent.', {
      hint: 'It is sent again; if this goes on, the connection is faulty.',
    });
  }
  if (file.name !== name || !isMarked(file)) {
    await takeAway();
    throw fail('unsupported', `Google Drive did not keep the name of ${key}.`, {
      hint: 'Look for a newer version of Cloudroll.',
    });
  }
  const others = (await api.find(folders, name, signal)).filter(({ id }) => id !== file.id);
  if (oldestFirst([...others, file])[0] !== file) {
    await takeAway();
    throw fail('conflict', `${key} was made by another device at the same moment.`);
  }
  return { ...infoOf(key, file), evidence: sha256 === undefined ? null : 'server-sha256' };
}
