import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { quotaOf } from '../common/quota.ts';
import { provenBytes } from '../common/source-bytes.ts';
import { systemFolder } from '../contract.ts';
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
import { SftpConnection } from './connection.ts';
import { parentOf, SftpFolders } from './folders.ts';
import { RemoteFile } from './handles.ts';
import { full, isFull, probePublishing, publish } from './publish.ts';
import type { Publishing } from './publish.ts';
import { lookUp, readFolder, removeEmptyFolder, removeFile, volumeSpace } from './requests.ts';
import type { SftpEntry } from './requests.ts';
import type { SftpSettings } from './settings.ts';
import type { SignInPorts } from './sign-in.ts';
import { sftpStatus, statusOf } from './sftp-failure.ts';
import { SftpTemporaries, temporaryFolder } from './temporary-files.ts';

/**
 * A folder on a server that is reached by SFTP, version 3 with OpenSSH's extensions where there are any.
 *
 * A file is written under a temporary name, synced, linked to its own name, which must be free, and synced
 * again: with the file systems in use that also makes the link durable. SFTP proves nothing, so the bytes are
 * read back.
 */
export class SftpDestination implements Destination {
  readonly #connection: SftpConnection;
  readonly #context: Pick<OpenContext, 'random' | 'purpose' | 'logger'>;
  readonly #folders: SftpFolders;
  readonly #temporaries: SftpTemporaries;
  readonly #probe = new SharedProbe((signal) => this.#learn(signal));
  #publishing: Publishing = 'look';

  constructor(
    settings: SftpSettings,
    context: Pick<
      OpenContext,
      'random' | 'purpose' | 'logger' | 'knownHosts' | 'owner' | keyof SignInPorts
    >,
  ) {
    this.#connection = new SftpConnection(settings, context);
    this.#context = context;
    this.#folders = new SftpFolders(this.#connection);
    const { random, owner } = context;
    this.#temporaries = new SftpTemporaries(this.#connection, this.#folders, random, owner);
  }

  get capabilities(): Capabilities {
    return {
      createOnly: this.#publishing === 'link' ? 'atomic' : 'checked',
      resumable: false,
      serverHash: [],
      list: true,
      remove: true,
      maxBytes: Number.MAX_SAFE_INTEGER,
      concurrency: { initial: 4, max: 16 },
    };
  }

  async check(signal: AbortSignal): Promise<void> {
    const { base } = this.#connection.settings;
    const { purpose } = this.#context;
    const folder = await lookUp(this.#connection, base, signal);
    if (folder !== null && folder.kind !== 'folder') {
      throw fail('invalid', `${base} on the server is not a folder.`, { hint: 'Choose a folder.' });
    }
    if (folder === null && purpose !== 'setUp') throw this.#away();
    if (purpose === 'read') return;
    await this.#probe.again(signal);
    await this.#temporaries.close();
    if (folder === null) await removeEmptyFolder(this.#connection, base, signal);
    this.#folders.forget();
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const entry = await lookUp(this.#connection, this.#path(key), signal);
    return entry?.kind === 'file' ? infoOf(key, entry) : null;
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
    const temporary = await this.#whileFoldersStand(() => this.#temporaries.path(signal));
    let file: RemoteFile | undefined;
    try {
      file = await this.#openNew(temporary, signal);
      await this.#write(file, source, options, signal);
      await file.sync(signal);
      await this.#whileFoldersStand(async () => {
        await this.#folders.make(parentOf(target), signal);
        const how = this.#publishing;
        if (!(await publish(this.#connection, how, temporary, target, signal))) {
          throw fail('conflict', `${key} exists already.`);
        }
      });
      await file.sync(signal);
      return {
        ...{ key, bytes: source.bytes, modifiedMs: null, hashes: {}, tag: null },
        evidence: null,
      };
    } finally {
      file?.close();
      // After a link it is a second name that nobody needs; after a rename there is none.
      this.#temporaries.discard(temporary);
    }
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    throwIfCancelled(signal);
    const file = await RemoteFile.open(this.#connection, this.#path(key), 'r', signal);
    try {
      const size = await file.size(signal);
      const end = Math.min(size, range?.end ?? size);
      yield* file.read(range?.start ?? 0, end, signal);
    } finally {
      file.close();
    }
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    const { base } = this.#connection.settings;
    const folders = [prefix];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      throwIfCancelled(signal);
      if (folder === temporaryFolder) continue;
      const path = folder === '' ? base : `${base}/${folder.slice(0, -1)}`;
      try {
        for (const entry of await readFolder(this.#connection, path, signal)) {
          const key = `${folder}${entry.name}`;
          if (entry.kind === 'folder') folders.push(`${key}/`);
          else if (entry.kind === 'file') yield infoOf(key, entry);
        }
      } catch (error) {
        if (failureOf(error).code !== 'notFound') throw error;
        await this.#requireBase(signal);
      }
    }
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const path = this.#path(key);
    try {
      await removeFile(this.#connection, path, signal);
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
    }
    if (key.startsWith(systemFolder)) await this.#removeEmptyFolders(path, signal);
  }

  /** That of the server's disk; null where the server tells nothing of it. */
  async quota(signal: AbortSignal): Promise<Quota | null> {
    try {
      const { used, free } = await volumeSpace(this.#connection, signal);
      return quotaOf(used, free);
    } catch (error) {
      const { code } = failureOf(error);
      // Before the folder is made there is nothing to ask about.
      if (code === 'unsupported' || code === 'notFound') return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#temporaries.close();
    await this.#connection.close();
  }

  async #openNew(path: string, signal: AbortSignal): Promise<RemoteFile> {
    try {
      return await this.#whileFoldersStand(() =>
        RemoteFile.open(this.#connection, path, 'wx', signal),
      );
    } catch (error) {
      throw await this.#whenFull(error, signal);
    }
  }

  async #write(
    file: RemoteFile,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await file.write(provenBytes(source, undefined, signal), options.onProgress, signal);
      if ((await file.size(signal)) === source.bytes) return;
    } catch (error) {
      throw await this.#whenFull(error, signal);
    }
    throw fail('corrupt', 'The server kept another number of bytes than were sent.', {
      hint: 'It is sent again; if this goes on, the server or its disk is faulty.',
    });
  }

  /** A full disk is one of the things that version 3 calls nothing but a failure. */
  async #whenFull(error: unknown, signal: AbortSignal): Promise<unknown> {
    const vague = statusOf(error) === sftpStatus.failure;
    return vague && (await isFull(this.#connection, signal)) ? full(error) : error;
  }

  /** Somebody removed a folder that was there: it is made anew when the upload is repeated. */
  async #whileFoldersStand<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
      this.#folders.forget();
      this.#temporaries.forget();
      throw fail('serverError', 'A folder on the server went away.', { cause: error });
    }
  }

  /** The app's own folders go with their last object; those of the photos stay as people know them. */
  async #removeEmptyFolders(path: string, signal: AbortSignal): Promise<void> {
    const { base } = this.#connection.settings;
    for (let folder = parentOf(path); folder.length > base.length; folder = parentOf(folder)) {
      this.#folders.forget();
      if (!(await removeEmptyFolder(this.#connection, folder, signal))) return;
    }
  }

  /** A whole folder that is not there must not look like one without photos. */
  async #requireBase(signal: AbortSignal): Promise<void> {
    if (this.#context.purpose === 'setUp') return;
    const { base } = this.#connection.settings;
    if ((await lookUp(this.#connection, base, signal)) === null) throw this.#away();
  }

  #away(): Error {
    const { base, host } = this.#connection.settings;
    return fail('notFound', `There is no folder ${base} on ${host}.`, {
      hint: 'Check the path; if it is on a drive of the server, that it is connected.',
    });
  }

  #path(key: string): string {
    const names = key.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'))) {
      throw fail('bug', `"${key}" is no key.`);
    }
    return `${this.#connection.settings.base}/${key}`;
  }

  async #learn(signal: AbortSignal): Promise<void> {
    const any = await this.#temporaries.path(signal);
    let number = 0;
    const newPath = (): string => {
      number += 1;
      return `${any}-${String(number)}`;
    };
    const make = async (path: string): Promise<void> => {
      (await this.#openNew(path, signal)).close();
    };
    this.#publishing = await probePublishing(this.#connection, newPath, make, signal);
    this.#context.logger.info('probed the server', { publishing: this.#publishing });
  }
}

function infoOf(key: string, { bytes, modifiedMs }: SftpEntry): ObjectInfo {
  return { key, bytes, modifiedMs, hashes: {}, tag: null };
}
