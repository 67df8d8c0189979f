import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { SftpConnection, SftpSession } from './connection.ts';

/** As much as OpenSSH takes in one packet; ssh2 cuts it up for servers that take less. */
const pieceBytes = 255 * 1024;
/** Pieces on the way at once: enough for 100 MB/s at 20 ms. */
const piecesInFlight = 8;

/** A file that is open on the server, over the session that opened it. */
export class RemoteFile {
  readonly #connection: SftpConnection;
  readonly #session: SftpSession;
  readonly #handle: Buffer;

  private constructor(connection: SftpConnection, session: SftpSession, handle: Buffer) {
    this.#connection = connection;
    this.#session = session;
    this.#handle = handle;
  }

  /** @param mode `wx` makes a new file and fails where one is */
  static async open(
    connection: SftpConnection,
    path: string,
    mode: 'r' | 'wx',
    signal: AbortSignal,
  ): Promise<RemoteFile> {
    const session = await connection.session(signal);
    const handle = await connection.runIn<Buffer>(
      session,
      (sftp, done) => {
        sftp.open(path, mode, done);
      },
      signal,
    );
    return new RemoteFile(connection, session, handle);
  }

  /** Writes the bytes from the start of the file, several pieces on the way at once. */
  async write(
    chunks: AsyncIterable<Uint8Array>,
    onProgress: ((bytes: number) => void) | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    let failure: { readonly error: unknown } | undefined;
    let position = 0;
    let acknowledged = 0;
    const send = async (piece: Buffer, at: number): Promise<void> => {
      try {
        await this.#connection.runIn<unknown>(
          this.#session,
          (sftp, done) => {
            sftp.write(this.#handle, piece, 0, piece.length, at, (error) => {
              done(error, undefined);
            });
          },
          signal,
        );
        acknowledged += piece.length;
        onProgress?.(acknowledged);
      } catch (error) {
        failure ??= { error };
      }
    };
    try {
      for await (const chunk of chunks) {
        for (let start = 0; start < chunk.length; start += pieceBytes) {
          // A source may use its buffer again while the piece is still on its way.
          const piece = Buffer.from(chunk.subarray(start, start + pieceBytes));
          const sending = send(piece, position).finally(() => inFlight.delete(sending));
          inFlight.add(sending);
          position += piece.length;
          if (inFlight.size >= piecesInFlight) await Promise.race(inFlight);
          if (failure !== undefined) break;
        }
        if (failure !== undefined) break;
      }
    } finally {
      await Promise.all(inFlight);
    }
    if (failure !== undefined) throw failure.error;
  }

  /** The bytes from `start` up to `end`, several pieces on the way at once, in their order. */
  async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const queue: Promise<Buffer>[] = [];
    let next = start;
    const ask = (): void => {
      if (next >= end) return;
      const bytes = Math.min(pieceBytes, end - next);
      const piece = this.#readPiece(next, bytes, signal);
      // Looked at in its turn; until then nobody may be told that nobody looks.
      piece.catch(() => undefined);
      queue.push(piece);
      next += bytes;
    };
    for (let count = 0; count < piecesInFlight; count += 1) ask();
    for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) {
      throwIfCancelled(signal);
      const bytes = await piece;
      ask();
      yield bytes;
    }
  }

  async size(signal: AbortSignal): Promise<number> {
    const stats = await this.#connection.runIn<{ size: number }>(
      this.#session,
      (sftp, done) => {
        sftp.fstat(this.#handle, done);
      },
      signal,
    );
    return stats.size;
  }

  /** Onto the server's disk, where it offers that (`fsync@openssh.com`). */
  async sync(signal: AbortSignal): Promise<void> {
    await unlessUnsupported(
      this.#connection.runIn<unknown>(
        this.#session,
        (sftp, done) => {
          sftp.ext_openssh_fsync(this.#handle, done);
        },
        signal,
      ),
    );
  }

  /** Nobody waits for it; a session that ended has closed it. */
  close(): void {
    const closing = this.#connection.runIn<unknown>(
      this.#session,
      (sftp, done) => {
        sftp.close(this.#handle, (error) => {
          done(error, undefined);
        });
      },
      AbortSignal.timeout(5_000),
    );
    closing.catch(() => undefined);
  }

  async #readPiece(at: number, bytes: number, signal: AbortSignal): Promise<Buffer> {
    const piece = Buffer.allocUnsafe(bytes);
    for (let filled = 0; filled < bytes;) {
      const offset = filled;
      const read = await this.#connection.runIn<number>(
        this.#session,
        (sftp, done) => {
          sftp.read(this.#handle, piece, offset, bytes - offset, at + offset, (error, count) => {
            done(error, count);
          });
        },
        signal,
      );
      if (read <= 0) throw endedEarly();
      filled += read;
    }
    return piece;
  }
}

/** Whether the request was done: false where the server does not know it. */
export async function unlessUnsupported(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (failureOf(error).code === 'unsupported') return false;
    throw error;
  }
}

function endedEarly(): Error {
  return fail('serverError', 'A file on the server became shorter while it was read.');
}
