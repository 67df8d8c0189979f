import { open, type FileHandle } from 'node:fs/promises';

import { fail } from '../../../shared/domain/failure.ts';

/**
 * The write-ahead log of a SQLite database (https://www.sqlite.org/wal.html), to wait for the disk off the
 * thread that writes it. A commit is durable once the log has been synced after it was written: that is all
 * that `synchronous = FULL` does beyond `NORMAL`.
 *
 * No lock of SQLite's stands on this file, so that closing it here takes none away
 * (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 */
export class WriteAheadLog {
  readonly #path: string;
  #file: Promise<FileHandle> | null = null;

  /** @param database path of the database, in WAL mode */
  constructor(database: string) {
    this.#path = `${database}-wal`;
  }

  /** Makes everything durable that was committed before the call. */
  async sync(): Promise<void> {
    // Windows flushes only what is open for writing.
    this.#file ??= open(this.#path, 'r+');
    try {
      await (await this.#file).datasync();
    } catch (cause) {
      await this.close();
      throw fail('unreadable', 'The disk that holds the catalogue reported an error.', {
        hint: 'Check the disk and start Cloudroll again; nothing that was backed up is affected.',
        cause,
      });
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.then((opened) => opened.close()).catch(() => undefined);
  }
}
