import type { Random } from '../../ports/random.ts';
import type { SftpConnection } from './connection.ts';
import type { SftpFolders } from './folders.ts';
import { readFolder, removeEmptyFolder, removeFile } from './requests.ts';

/** Where unfinished files stand, below the destination's folder; never listed. */
export const temporaryFolder = '.cloudroll/tmp/';

/**
 * Unfinished files of this session, in a folder of its own. What an interrupted session left is removed by
 * the next one of the same owner, of which only one runs at a time, and by anybody after a week by the
 * server's own clock; whoever is still at work there fails before publishing and begins again.
 */
export class SftpTemporaries {
  readonly #connection: SftpConnection;
  readonly #folders: SftpFolders;
  readonly #random: Random;
  readonly #all: string;
  readonly #session: string;
  readonly #discarding = new Set<Promise<void>>();
  #ready: Promise<void> | undefined;

  constructor(
    connection: SftpConnection,
    folders: SftpFolders,
    random: Random,
    owner: string | undefined,
  ) {
    this.#connection = connection;
    this.#folders = folders;
    this.#random = random;
    this.#all = `${connection.settings.base}/${temporaryFolder.slice(0, -1)}`;
    this.#session = `${this.#all}/${owner ?? hexadecimal(random.bytes(8))}`;
  }

  /** A path for a new file, in a folder that exists. */
  async path(signal: AbortSignal): Promise<string> {
    this.#ready ??= this.#prepare(signal);
    try {
      await this.#ready;
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
    return `${this.#session}/${hexadecimal(this.#random.bytes(16))}.part`;
  }

  /** Says that the folder turned out to be gone. */
  forget(): void {
    this.#ready = undefined;
  }

  /** Removes an unfinished file, if it is there; nobody waits for it before {@link close}. */
  discard(path: string): void {
    const signal = AbortSignal.timeout(removalMs);
    // What stays is invisible, and removed by a later session.
    const work = removeFile(this.#connection, path, signal)
      .catch(() => undefined)
      .finally(() => this.#discarding.delete(work));
    this.#discarding.add(work);
  }

  /** Removes the session's folder and those above it that are empty, down to `.cloudroll`. */
  async close(): Promise<void> {
    await Promise.all(this.#discarding);
    if (this.#ready === undefined) return;
    this.#ready = undefined;
    const signal = AbortSignal.timeout(removalMs);
    const { base } = this.#connection.settings;
    for (const folder of [this.#session, this.#all, `${base}/.cloudroll`]) {
      if (!(await removeEmptyFolder(this.#connection, folder, signal))) return;
    }
    this.#folders.forget();
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    await this.#folders.make(this.#session, signal);
    await this.#clean(this.#session, signal);
    try {
      const sessions = await readFolder(this.#connection, this.#all, signal);
      // The session's own folder has just been made or used.
      const now = Math.max(...sessions.map(({ modifiedMs }) => modifiedMs));
      for (const { name, kind, modifiedMs } of sessions) {
        if (kind !== 'folder' || now - modifiedMs <= abandonedMs) continue;
        await this.#clean(`${this.#all}/${name}`, signal);
        await removeEmptyFolder(this.#connection, `${this.#all}/${name}`, signal);
      }
    } catch {
      // Tidying may wait for another day; the upload at hand may not.
    }
  }

  async #clean(folder: string, signal: AbortSignal): Promise<void> {
    for (const { name, kind } of await readFolder(this.#connection, folder, signal)) {
      if (kind !== 'file') continue;
      await removeFile(this.#connection, `${folder}/${name}`, signal).catch(() => undefined);
    }
  }
}

const abandonedMs = 7 * 24 * 60 * 60 * 1000;
const removalMs = 10_000;

function hexadecimal(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
