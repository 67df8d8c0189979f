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
import { DavConnection, encodedPath, maxSockets } from './connection.ts';
import type { DavPath } from './connection.ts';
import { DavFolders } from './folders.ts';
import { lookUp, readFolder, readQuota } from './propfind.ts';
import type { DavEntry } from './propfind.ts';
import { putChunks } from './put-chunks.ts';
import { heldBytes, putByMoving, putDirectly } from './put-file.ts';
import { cautiousQuirks, probeQuirks } from './quirks.ts';
import type { DavQuirks } from './quirks.ts';
import type { WebdavSettings } from './settings.ts';
import { DavTemporaries, temporaryFolder } from './temporary-files.ts';

/**
 * A folder on a WebDAV server (RFC 4918): a NAS, ownCloud, Nextcloud and many others. What the server really
 * does is probed by {@link check}, and by the first upload without it.
 *
 * No server of this kind proves what it stores, so the bytes are read back. Create-only is `checked`: servers
 * look whether a name is free before they take it, and two at once may both find it so.
 */
export class WebdavDestination implements Destination {
  readonly #connection: DavConnection;
  readonly #context: Pick<OpenContext, 'random' | 'purpose' | 'logger'>;
  readonly #folders: DavFolders;
  readonly #temporaries: DavTemporaries;
  readonly #background = new Set<Promise<void>>();
  readonly #probe = new SharedProbe((signal) => this.#learn(signal));
  #quirks: DavQuirks = cautiousQuirks;

  constructor(
    settings: WebdavSettings,
    context: Pick<OpenContext, 'random' | 'purpose' | 'logger' | 'secrets' | 'clock' | 'owner'>,
  ) {
    this.#connection = new DavConnection(settings, context.secrets, context.clock);
    this.#context = context;
    this.#folders = new DavFolders(this.#connection);
    const { random, owner } = context;
    this.#temporaries = new DavTemporaries(this.#connection, this.#folders, random, owner);
  }

  get capabilities(): Capabilities {
    return {
      createOnly: 'checked',
      resumable: this.#quirks.chunkFolder !== null,
      serverHash: [],
      list: true,
      remove: true,
      maxBytes: Number.MAX_SAFE_INTEGER,
      concurrency: { initial: 4, max: maxSockets },
    };
  }

  async check(signal: AbortSignal): Promise<void> {
    const { purpose } = this.#context;
    const base = await lookUp(this.#connection, this.#connection.settings.base, signal);
    if (base === null && purpose !== 'setUp') throw this.#away();
    if (base?.folder === false) {
      throw fail('invalid', 'What the address names on the server is a file.', {
        hint: 'Choose a folder.',
      });
    }
    if (purpose !== 'read') await this.#probe.again(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const entry = await lookUp(this.#connection, this.#path(key), signal);
    return entry === null || entry.folder ? null : infoOf(key, entry);
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    const target = this.#path(key);
    if (key.startsWith(temporaryFolder)) {
      throw fail('invalid', `"${key}" stands where unfinished files are kept.`);
    }
    await this.#probe.ensure(signal);
    const job = { key, target, source, options };
    const tools = {
      connection: this.#connection,
      folders: this.#folders,
      temporaries: this.#temporaries,
      quirks: this.#quirks,
    };
    const { chunkFolder, directPut } = this.#quirks;
    if (chunkFolder !== null && source.bytes > heldBytes) {
      const background = (work: Promise<void>): void => {
        this.#background.add(work);
        void work.finally(() => this.#background.delete(work));
      };
      const { random } = this.#context;
      return putChunks({ ...tools, chunkFolder, random, background }, job, signal);
    }
    const direct = directPut && source.bytes <= heldBytes;
    return direct ? putDirectly(tools, job, signal) : putByMoving(tools, job, signal);
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const request = { method: 'GET', path: encodedPath(this.#path(key)) };
    const get: GetBytes = (headers, statuses) =>
      this.#connection.expect({ ...request, headers }, statuses, signal);
    return readRange(range, get, signal, { mayIgnoreRange: true });
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    const { base } = this.#connection.settings;
    const folders: string[] = [prefix];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      throwIfCancelled(signal);
      if (folder === temporaryFolder) continue;
      try {
        const path = [...base, ...folder.split('/').filter((name) => name !== '')];
        for await (const entry of readFolder(this.#connection, path, signal)) {
          const key = `${folder}${entry.name}`;
          if (entry.folder) folders.push(`${key}/`);
          else yield infoOf(key, entry);
        }
      } catch (error) {
        if (failureOf(error).code !== 'notFound') throw error;
        await this.#requireBase(signal);
      }
    }
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const request = { method: 'DELETE', path: encodedPath(this.#path(key)) };
    await this.#connection.command(request, [200, 202, 204, 404], signal);
  }

  /** As the server tells it of the folder (RFC 4331). */
  quota(signal: AbortSignal): Promise<Quota | null> {
    return readQuota(this.#connection, this.#connection.settings.base, signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.#background);
    await this.#temporaries.close();
    this.#connection.close();
  }

  /** A whole folder that is not there must not look like one without photos. */
  async #requireBase(signal: AbortSignal): Promise<void> {
    if (this.#context.purpose === 'setUp') return;
    const { base } = this.#connection.settings;
    if ((await lookUp(this.#connection, base, signal)) === null) throw this.#away();
  }

  #away(): Error {
    const { base, origin } = this.#connection.settings;
    return fail('notFound', `There is no folder ${base.join('/')} at ${origin}.`, {
      hint: 'Check the address; if the server keeps its files on a drive, that it is connected.',
    });
  }

  #path(key: string): DavPath {
    const names = key.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'))) {
      throw fail('bug', `"${key}" is no key.`);
    }
    return [...this.#connection.settings.base, ...names];
  }

  async #learn(signal: AbortSignal): Promise<void> {
    const { random, logger } = this.#context;
    this.#quirks = await probeQuirks(this.#connection, this.#folders, random, signal);
    const { directPut, moveRefuses, chunkFolder } = this.#quirks;
    logger.info('probed the server', { directPut, moveRefuses, chunks: chunkFolder !== null });
  }
}

function infoOf(key: string, { bytes, modifiedMs, tag }: DavEntry): ObjectInfo {
  if (bytes === null) {
    throw fail('serverError', `The server does not say how many bytes ${key} has.`);
  }
  return { key, bytes, modifiedMs, hashes: {}, tag };
}
