import type { SftpConnection } from './connection.ts';
import { sftpStatus, statusOf } from './sftp-failure.ts';
import { lookUp } from './requests.ts';

/** Makes folders on the server, each once in a session. */
export class SftpFolders {
  readonly #connection: SftpConnection;
  readonly #known = new Map<string, Promise<void>>();

  constructor(connection: SftpConnection) {
    this.#connection = connection;
  }

  /** The folder, and those above it, are there afterwards. */
  async make(path: string, signal: AbortSignal): Promise<void> {
    if (path === '' || path === '/') return;
    for (;;) {
      const others = this.#known.get(path);
      const pending = others ?? this.#create(path, signal);
      if (others === undefined) {
        this.#known.set(path, pending);
        pending.catch(() => {
          if (this.#known.get(path) === pending) this.#known.delete(path);
        });
      }
      try {
        await pending;
        return;
      } catch (error) {
        // Somebody else's attempt may have been cancelled; ours was not.
        if (others === undefined || signal.aborted) throw error;
      }
    }
  }

  /** Says that folders turned out to be gone. */
  forget(): void {
    this.#known.clear();
  }

  async #create(path: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#makeOne(path, signal);
    } catch (error) {
      if (statusOf(error) === sftpStatus.noSuchFile) {
        await this.make(parentOf(path), signal);
        await this.#makeOne(path, signal);
        return;
      }
      throw error;
    }
  }

  async #makeOne(path: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.run<unknown>((sftp, done) => {
        sftp.mkdir(path, (error) => {
          done(error, undefined);
        });
      }, signal);
    } catch (error) {
      // Version 3 has no status of its own for what exists.
      if (statusOf(error) === sftpStatus.noSuchFile) throw error;
      const existing = await lookUp(this.#connection, path, signal);
      if (existing?.kind !== 'folder') throw error;
    }
  }
}

/** The folder that a path is in: empty for a name in the home directory. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : path.slice(0, Math.max(0, slash));
}
