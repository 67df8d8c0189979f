import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readRange } from '../common/byte-range.ts';
import type { GetBytes } from '../common/byte-range.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { DriveApi, maxSockets } from './drive-api.ts';
import { infoOf, isFolder } from './drive-file.ts';
import type { DriveFile } from './drive-file.ts';
import { FileIds } from './file-ids.ts';
import { DriveFolders } from './folders.ts';
import { gdriveRefreshToken } from './gdrive-sign-in.ts';
import { listTree } from './list-tree.ts';
import { putFile } from './put-file.ts';
import type { GdriveSettings } from './settings.ts';
import { UploadStates } from './upload-state.ts';

/** 5,120 GB (support.google.com/drive/answer/37603). */
const largestFile = 5120 * 1_000_000_000;

type GdriveContext = Pick<
  OpenContext,
  'purpose' | 'clock' | 'random' | 'secrets' | 'endpoints' | 'accessTokens'
>;

/**
 * A folder in Google Drive. What is stored is proven by the SHA-256 that Google computes from it. Drive allows two
 * files of one name, so create-only is `checked`; ids that are known before keep a repeated create from making two.
 */
export class GdriveDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'checked',
    resumable: true,
    serverHash: ['sha256', 'md5'],
    list: true,
    remove: true,
    maxBytes: largestFile,
    concurrency: { initial: 4, max: maxSockets },
  };
  readonly #settings: GdriveSettings;
  readonly #context: GdriveContext;
  readonly #api: DriveApi;
  readonly #ids: FileIds;
  readonly #folders: DriveFolders;
  readonly #uploads: UploadStates;

  constructor(settings: GdriveSettings, context: GdriveContext) {
    this.#settings = settings;
    this.#context = context;
    this.#api = new DriveApi(context);
    this.#ids = new FileIds(this.#api);
    this.#folders = new DriveFolders(this.#api, this.#ids);
    const { secrets, random } = context;
    const sealing = (): Promise<string | undefined> =>
      secrets.find(settings.name, gdriveRefreshToken);
    this.#uploads = new UploadStates(random, sealing);
  }

  async check(signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    this.#folders.forget();
    await this.#api.about(signal);
    await this.#requireBase(signal);
    if (this.#context.purpose !== 'read') await this.#ids.prepare(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const file = await this.#find(key, signal);
    return file === undefined ? null : infoOf(key, file);
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    throwIfCancelled(signal);
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', 'The file is larger than Google Drive takes.');
    }
    await this.#requireBase(signal);
    const { folder, name } = this.#place(key);
    const folders = await this.#folders.make(folder, signal);
    const tools = {
      api: this.#api,
      ids: this.#ids,
      folders: this.#folders,
      uploads: this.#uploads,
      random: this.#context.random,
    };
    return putFile(tools, { key, folders, name, source, options }, signal);
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    throwIfCancelled(signal);
    if (range?.end !== undefined && range.end <= range.start) return;
    const file = await this.#find(key, signal);
    if (file === undefined) throw fail('notFound', `There is no ${key} in Google Drive.`);
    const request = { method: 'GET', path: `/drive/v3/files/${file.id}?alt=media` };
    const get: GetBytes = (headers, statuses) =>
      this.#api.send({ ...request, headers }, statuses, signal);
    yield* readRange(range, get, signal, { size: Number(file.size) });
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    throwIfCancelled(signal);
    // A list tells how things are, not how they were: somebody may have moved a folder.
    this.#folders.forget();
    await this.#requireBase(signal);
    const path = [...this.#settings.folder, ...prefix.split('/').filter((name) => name !== '')];
    const ids = await this.#folders.find(path, signal);
    yield* listTree(this.#api, ids, prefix, signal);
  }

  /** Of the whole account: Drive, Gmail and Google Photos share it. */
  quota(signal: AbortSignal): Promise<Quota> {
    return this.#api.about(signal);
  }

  /** Every file of that name that was made here, so that none comes forward in place of the oldest. */
  async remove(key: string, signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    for (const file of await this.#findAll(key, signal)) await this.#api.remove(file.id, signal);
  }

  close(): Promise<void> {
    this.#api.close();
    return Promise.resolve();
  }

  async #find(key: string, signal: AbortSignal): Promise<DriveFile | undefined> {
    const [oldest] = await this.#findAll(key, signal);
    return oldest;
  }

  async #findAll(key: string, signal: AbortSignal): Promise<readonly DriveFile[]> {
    const look = async (): Promise<readonly DriveFile[]> => {
      await this.#requireBase(signal);
      const { folder, name } = this.#place(key);
      const folders = await this.#folders.find(folder, signal);
      const found = await this.#api.find(folders, name, signal);
      return found.filter((file) => !isFolder(file));
    };
    try {
      return await look();
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
      // A folder is gone since it was found; if the whole destination is, that comes out now.
      this.#folders.forget();
      return look();
    }
  }

  /** A whole folder that is not there must not look like one without photos, and is never made anew. */
  async #requireBase(signal: AbortSignal): Promise<void> {
    if (this.#context.purpose === 'setUp') return;
    const { folder } = this.#settings;
    if ((await this.#folders.find(folder, signal)).length === 0) throw away(folder);
  }

  #place(key: string): { readonly folder: readonly string[]; readonly name: string } {
    const names = key.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..')) {
      throw fail('bug', `"${key}" is no key.`);
    }
    return {
      folder: [...this.#settings.folder, ...names.slice(0, -1)],
      name: names.at(-1) ?? '',
    };
  }
}

function away(folder: readonly string[]): CloudrollError {
  return fail('notFound', `There is no folder ${folder.join('/')} of Cloudroll in Google Drive.`, {
    hint: 'Look for it in the trash of Drive. It is only seen by the account and the client ID that made it.',
  });
}
