import { z } from 'zod';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readRange } from '../common/byte-range.ts';
import type { GetBytes } from '../common/byte-range.ts';
import { SharedProbe } from '../common/shared-probe.ts';
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
import type { DrivePath } from './drive-items.ts';
import { infoOf, pathIn, pathOfId, pathOfItem } from './drive-items.ts';
import { DriveFolders, isFolder, lookUp } from './folders.ts';
import { GraphApi, maxSockets } from './graph-api.ts';
import { listBelow } from './list-folder.ts';
import { accountTokens, graphOrigin, oneDriveSecrets } from './microsoft-sign-in.ts';
import { putContent, sendContent } from './put-content.ts';
import { putInSession } from './put-in-session.ts';
import type { PutJob } from './put-result.ts';
import { SessionKeeper } from './session-keeper.ts';
import type { OneDriveSettings } from './settings.ts';

/** A request of its own for the session pays off only above this. */
const singlePutBytes = 4 * 1024 * 1024;
/** 250 GB (support.microsoft.com: restrictions and limitations in OneDrive and SharePoint). */
const largestFile = 250 * 1024 ** 3;

const amount = z.number().nonnegative().nullish();
const driveSchema = z.object({ quota: z.object({ total: amount, used: amount }).nullish() });

/**
 * A folder in the OneDrive of an account, by Microsoft Graph v1.0. The service refuses a second file of one name;
 * whether it also does so where a file comes in one request is tried out once, and otherwise an upload session is
 * used for every file. What it tells of a file seldom proves it, so that most uploads are read back.
 */
export class OneDriveDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'atomic',
    resumable: true,
    serverHash: [],
    list: true,
    remove: true,
    maxBytes: largestFile,
    concurrency: { initial: 4, max: maxSockets },
  };
  readonly #settings: OneDriveSettings;
  readonly #context: OneDriveContext;
  readonly #api: GraphApi;
  readonly #folders: DriveFolders;
  readonly #keeper: SessionKeeper;
  readonly #probe = new SharedProbe((signal) => this.#learn(signal));
  readonly #background = new Set<Promise<void>>();
  /** Whether a file that comes in one request is refused where its name is taken. */
  #contentRefuses = false;

  constructor(settings: OneDriveSettings, context: OneDriveContext) {
    this.#settings = settings;
    this.#context = context;
    this.#api = new GraphApi({
      origin: graphOrigin(context.endpoints),
      tokens: accountTokens(context),
      clock: context.clock,
    });
    this.#folders = new DriveFolders(this.#api);
    const { secrets, random } = context;
    const refreshToken = () => secrets.find(settings.name, oneDriveSecrets.refreshToken);
    this.#keeper = new SessionKeeper(refreshToken, random);
  }

  async check(signal: AbortSignal): Promise<void> {
    const { purpose } = this.#context;
    const { folder } = this.#settings;
    const base = await lookUp(this.#api, folder, signal);
    if (base === null && purpose !== 'setUp') {
      throw fail('offline', `The folder "${folder.join('/')}" is not in the OneDrive.`, {
        hint: 'Look for it at onedrive.com, also in the recycle bin, or sign in with the right account.',
      });
    }
    if (base !== null && !isFolder(base)) {
      throw fail('invalid', `"${folder.join('/')}" in the OneDrive is a file.`, {
        hint: 'Choose a folder.',
      });
    }
    if (purpose !== 'read') await this.#probe.again(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const item = await lookUp(this.#api, this.#path(key), signal);
    return item === null ? null : infoOf(key, item);
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    throwIfCancelled(signal);
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', 'The file is larger than OneDrive takes.', {
        hint: 'It can go to another destination.',
      });
    }
    await this.#probe.ensure(signal);
    const job = { key, path: this.#path(key), source, options };
    await this.#folders.make(job.path.slice(0, -1), signal);
    try {
      return await this.#send(job, signal);
    } catch (error) {
      // The folder is gone: the next attempt makes it anew.
      if (failureOf(error).code !== 'notFound') throw error;
      this.#folders.forget();
      throw fail('serverError', 'The folder went away while a file was sent to it.', {
        cause: error,
      });
    }
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const content = { method: 'GET', path: pathIn(this.#path(key), 'content') };
    const get: GetBytes = async (headers, statuses) => {
      const reply = await this.#api.command(content, [302], signal);
      const address = this.#api.givenAddress(reply.header('location') ?? '');
      return this.#api.sendTo(address, { method: 'GET', headers }, statuses, signal);
    };
    return readRange(range, get, signal, { mayIgnoreRange: true });
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    return listBelow(this.#api, this.#settings.folder, prefix, signal);
  }

  async quota(signal: AbortSignal): Promise<Quota | null> {
    const request = { method: 'GET', path: '/me/drive?$select=quota' };
    const { quota } = await this.#api.json(driveSchema, request, [200], signal);
    if (typeof quota?.used !== 'number') return null;
    const { used, total } = quota;
    return { usedBytes: used, totalBytes: typeof total === 'number' && total > 0 ? total : null };
  }

  /** Into the recycle bin of the OneDrive. */
  async remove(key: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#api.command(
        { method: 'DELETE', path: pathOfItem(this.#path(key)) },
        [204],
        signal,
      );
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#background);
    this.#api.close();
  }

  async #send(job: PutJob, signal: AbortSignal): Promise<PutResult> {
    const { bytes } = job.source;
    // There are no upload sessions for empty files.
    if (bytes === 0 && !this.#contentRefuses) await this.#refuseExisting(job, signal);
    if (bytes === 0 || (bytes <= singlePutBytes && this.#contentRefuses)) {
      return putContent(this.#api, job, signal);
    }
    // Some accounts tell of a conflict only after the last byte.
    if (bytes > singlePutBytes) await this.#refuseExisting(job, signal);
    const background = (work: Promise<void>): void => {
      this.#background.add(work);
      void work.finally(() => this.#background.delete(work));
    };
    return putInSession({ api: this.#api, keeper: this.#keeper, background }, job, signal);
  }

  async #refuseExisting({ key, path }: PutJob, signal: AbortSignal): Promise<void> {
    if ((await lookUp(this.#api, path, signal)) !== null) {
      throw fail('conflict', `${key} exists already.`);
    }
  }

  /**
   * Whether it may write, keeps a name with a percent sign as it is (which Microsoft's service once did not), and
   * refuses a second file of one name also in a single request, of which the documentation says nothing certain.
   */
  async #learn(signal: AbortSignal): Promise<void> {
    const id = Buffer.from(this.#context.random.bytes(12)).toString('hex');
    const folder = [...this.#settings.folder, '.cloudroll', 'probe'];
    const path = [...folder, `${id} 100%41.txt`];
    const body = Buffer.from('This file was made by Cloudroll to learn whether it may write.\n');
    await this.#folders.make(folder, signal);
    const { item } = await sendContent(this.#api, path, 'text/plain', body, signal);
    try {
      if (item.name !== path.at(-1)) {
        throw fail('unsupported', 'OneDrive changes the names of files.', {
          hint: 'Photos there could not be found again. Please report it with the kind of account.',
        });
      }
      this.#contentRefuses = await this.#isRefused(path, body, signal);
    } finally {
      await this.#api.command({ method: 'DELETE', path: pathOfId(item.id) }, [204, 404], signal);
    }
  }

  async #isRefused(path: DrivePath, body: Uint8Array, signal: AbortSignal): Promise<boolean> {
    try {
      await sendContent(this.#api, path, 'text/plain', body, signal);
      return false;
    } catch (error) {
      if (failureOf(error).code === 'conflict') return true;
      throw error;
    }
  }

  #path(key: string): DrivePath {
    return [...this.#settings.folder, ...key.split('/')];
  }
}

type OneDriveContext = Pick<
  OpenContext,
  'purpose' | 'random' | 'clock' | 'secrets' | 'endpoints' | 'accessTokens'
>;
