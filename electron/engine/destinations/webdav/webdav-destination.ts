import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { connectionFailure } from '../common/http-failure.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  ReopenableSource,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { DavConnection, encodedPath, maxSockets } from './connection.ts';
import type { DavPath } from './connection.ts';
import { DavFolders } from './folders.ts';
import { lookUp, readFolder } from './propfind.ts';
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
  #quirks: DavQuirks = cautiousQuirks;
  #probing: Promise<void> | undefined;

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
    if (purpose !== 'read') await this.#probe(signal);
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
    await this.#ensureProbed(signal);
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

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    throwIfCancelled(signal);
    if (range?.end !== undefined && range.end <= range.start) return;
    const start = range?.start ?? 0;
    const headers = range === null || isWhole(range) ? {} : { range: rangeHeader(range) };
    const request = { method: 'GET', path: encodedPath(this.#path(key)), headers };
    const reply = await this.#connection.expect(request, [200, 206, 416], signal);
    if (reply.status === 416) {
      await this.#connection.drop(reply);
      return;
    }
    const announced = Number(reply.header('content-length') ?? Number.NaN);
    // A server may give everything where a part was asked for.
    let skip = reply.status === 206 ? 0 : start;
    let left = range?.end === undefined ? Infinity : range.end - start;
    let received = 0;
    try {
      for await (const chunk of reply.chunks()) {
        received += chunk.length;
        const part = chunk.subarray(skip, skip + Math.min(left, chunk.length));
        skip = Math.max(0, skip - chunk.length);
        left -= part.length;
        if (part.length > 0) yield part;
        if (left <= 0) return;
      }
    } catch (error) {
      throw connectionFailure(error);
    }
    if (!Number.isNaN(announced) && received !== announced) {
      throw fail('offline', 'The connection ended in the middle of a file.');
    }
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

  /** Uploads that begin together share one probe; one that is cancelled leaves it to the others. */
  async #ensureProbed(signal: AbortSignal): Promise<void> {
    for (;;) {
      throwIfCancelled(signal);
      try {
        await orCancelled(this.#probing ?? this.#probe(signal), signal);
        return;
      } catch (error) {
        if (signal.aborted || failureOf(error).code !== 'cancelled') throw error;
      }
    }
  }

  async #probe(signal: AbortSignal): Promise<void> {
    const probing = this.#learn(signal);
    this.#probing = probing;
    try {
      await probing;
    } catch (error) {
      if (this.#probing === probing) this.#probing = undefined;
      throw error;
    }
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

function isWhole({ start, end }: ByteRange): boolean {
  return start === 0 && end === undefined;
}

/** RFC 9110 section 14.1.2; its end is inclusive. */
function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${String(start)}-${end === undefined ? '' : String(end - 1)}`;
}
