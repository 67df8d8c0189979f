import type { Random } from '../../ports/random.ts';
import type { DavConnection, DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';
import type { DavFolders } from './folders.ts';
import { readFolder } from './propfind.ts';
import type { DavEntry } from './propfind.ts';

/** Where unfinished files stand, below the destination's folder; never listed. */
export const temporaryFolder = '.cloudroll/tmp/';

/**
 * Unfinished files of this session, in a folder of its own. What an interrupted session left is removed by
 * the next one of the same owner, of which only one runs at a time, and by anybody after a week by the
 * server's own clock; whoever is still at work there fails before publishing and begins again.
 */
export class DavTemporaries {
  readonly #connection: DavConnection;
  readonly #folders: DavFolders;
  readonly #random: Random;
  readonly #all: DavPath;
  readonly #session: DavPath;
  readonly #owned: boolean;
  readonly #discarding = new Set<Promise<void>>();
  #ready: Promise<void> | undefined;

  constructor(
    connection: DavConnection,
    folders: DavFolders,
    random: Random,
    owner: string | undefined,
  ) {
    this.#connection = connection;
    this.#folders = folders;
    this.#random = random;
    this.#owned = owner !== undefined;
    this.#all = [...connection.settings.base, '.cloudroll', 'tmp'];
    this.#session = [...this.#all, owner ?? hexadecimal(random.bytes(8))];
  }

  /** A path for a new file, in a folder that exists. */
  async path(signal: AbortSignal): Promise<DavPath> {
    this.#ready ??= this.#prepare(signal);
    try {
      await this.#ready;
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
    return [...this.#session, `${hexadecimal(this.#random.bytes(16))}.part`];
  }

  /** Says that the folder turned out to be gone. */
  forget(): void {
    this.#ready = undefined;
  }

  /** Removes an unfinished file, if it is there; nobody waits for it before {@link close}. */
  discard(path: DavPath): void {
    const work = this.#remove(encodedPath(path)).finally(() => this.#discarding.delete(work));
    this.#discarding.add(work);
  }

  async close(): Promise<void> {
    await Promise.all(this.#discarding);
    if (this.#ready === undefined) return;
    this.#ready = undefined;
    await this.#remove(encodedPath(this.#session, true));
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    if (this.#owned) await this.#remove(encodedPath(this.#session, true));
    await this.#folders.make(this.#session, signal);
    await this.#removeAbandoned(signal);
  }

  async #removeAbandoned(signal: AbortSignal): Promise<void> {
    try {
      const entries: DavEntry[] = [];
      for await (const entry of readFolder(this.#connection, this.#all, signal)) {
        entries.push(entry);
      }
      // The session's own folder has just been made.
      const now = Math.max(...entries.map(({ modifiedMs }) => modifiedMs ?? -Infinity));
      for (const { name, folder, modifiedMs } of entries) {
        if (modifiedMs === null || now - modifiedMs <= abandonedMs) continue;
        await this.#remove(encodedPath([...this.#all, name], folder));
      }
    } catch {
      // Tidying may wait for another day; the upload at hand may not.
    }
  }

  async #remove(path: string): Promise<void> {
    const signal = AbortSignal.timeout(removalMs);
    try {
      await this.#connection.drop(await this.#connection.send({ method: 'DELETE', path }, signal));
    } catch {
      // What stays is invisible, and removed by a later session.
    }
  }
}

const abandonedMs = 7 * 24 * 60 * 60 * 1000;
const removalMs = 10_000;

function hexadecimal(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
