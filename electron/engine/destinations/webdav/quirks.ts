import { CloudrollError, fail } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import type { DavConnection, DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';
import type { DavFolders } from './folders.ts';
import { findNextcloud } from './nextcloud.ts';
import { lookUp } from './propfind.ts';

/** What a server really does, as far as a few small requests can show. */
export interface DavQuirks {
  /**
   * Whether a small file may be put under its own name: `If-None-Match: *` refuses a second one, and of a put
   * that breaks off nothing is seen.
   */
  readonly directPut: boolean;
  /** Whether `Overwrite: F` refuses to move a file onto another. */
  readonly moveRefuses: boolean;
  /** Path of the folder for uploads in chunks; null where there is none. */
  readonly chunkFolder: DavPath | null;
}

/** Of a server that nothing is known about. */
export const cautiousQuirks: DavQuirks = {
  directPut: false,
  moveRefuses: false,
  chunkFolder: null,
};

/**
 * Learns a server's quirks from files below `.cloudroll/probe/`, which are gone afterwards. The folders stay:
 * WebDAV can remove one only together with everything that others may have put there meanwhile.
 */
export async function probeQuirks(
  connection: DavConnection,
  folders: DavFolders,
  random: Random,
  signal: AbortSignal,
): Promise<DavQuirks> {
  const folder = [...connection.settings.base, '.cloudroll', 'probe'];
  await folders.make(folder, signal);
  const id = Buffer.from(random.bytes(12)).toString('hex');
  const paths = {
    first: [...folder, `${id}-first`],
    second: [...folder, `${id}-second`],
    moved: [...folder, `${id}-moved`],
    broken: [...folder, `${id}-broken`],
  };
  const probe = new Probe(connection, signal);
  try {
    const broken = probe.brokenPutIsSeen(paths.broken);
    // Waited for in any case, but a failure of the others counts first.
    void broken.catch(() => undefined);
    await probe.put(paths.first, {});
    const conditional = await probe.refused('PUT', paths.first, { 'if-none-match': '*' });
    await probe.put(paths.second, {});
    const moveRefuses = await probe.refused('MOVE', paths.second, {
      destination: connection.address(paths.first),
      overwrite: 'F',
    });
    // A server that has moved it has no second one any more.
    if (!moveRefuses) await probe.put(paths.second, {});
    await probe.move(paths.second, paths.moved);
    const chunkFolder = await findNextcloud(connection, signal);
    return { directPut: conditional && !(await broken), moveRefuses, chunkFolder };
  } finally {
    await Promise.allSettled(Object.values(paths).map((path) => probe.remove(path)));
  }
}

const body = Buffer.from('This file was made by Cloudroll to learn what the server can do.\n');
const brokenBytes = 64 * 1024;
/** When a file that was cut off is looked for, milliseconds after the connection broke. */
const looksMs = [20, 150, 300] as const;

class Probe {
  readonly #connection: DavConnection;
  readonly #signal: AbortSignal;

  constructor(connection: DavConnection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  async put(path: DavPath, headers: Readonly<Record<string, string>>): Promise<void> {
    const request = { method: 'PUT', path: encodedPath(path), headers, body };
    await this.#connection.command(request, [200, 201, 204], this.#signal);
  }

  /** Whether the server refuses because something is there already. */
  async refused(
    method: 'PUT' | 'MOVE',
    path: DavPath,
    headers: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const request = {
      method,
      path: encodedPath(path),
      headers,
      ...(method === 'PUT' ? { body } : {}),
    };
    const statuses = [200, 201, 204, 400, 412, 501];
    const { status } = await this.#connection.command(request, statuses, this.#signal);
    return status === 412;
  }

  async move(from: DavPath, to: DavPath): Promise<void> {
    const headers = { destination: this.#connection.address(to), overwrite: 'F' };
    const request = { method: 'MOVE', path: encodedPath(from), headers };
    await this.#connection.command(request, [200, 201, 204], this.#signal);
  }

  /** Sends half of a file, breaks the connection, and looks whether a file is there. */
  async brokenPutIsSeen(path: DavPath): Promise<boolean> {
    const { clock } = this.#connection;
    const signal = this.#signal;
    const breakOff = fail('offline', 'The connection was broken on purpose.');
    async function* half(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(brokenBytes / 2);
      await clock.sleep(looksMs[0], signal);
      throw breakOff;
    }
    try {
      const streamed = { bytes: brokenBytes, chunks: half() };
      const request = { method: 'PUT', path: encodedPath(path), body: streamed };
      await this.#connection.command(request, [], signal);
    } catch (error) {
      if (error !== breakOff && !(error instanceof CloudrollError)) throw error;
    }
    for (const wait of looksMs) {
      await clock.sleep(wait, signal);
      if ((await lookUp(this.#connection, path, signal)) !== null) return true;
    }
    return false;
  }

  async remove(path: DavPath): Promise<void> {
    const request = { method: 'DELETE', path: encodedPath(path) };
    await this.#connection.command(request, [200, 204, 404], AbortSignal.timeout(5_000));
  }
}
