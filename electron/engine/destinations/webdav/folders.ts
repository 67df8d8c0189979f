import { fail } from '../../../../shared/domain/failure.ts';
import type { DavConnection, DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';
import { lookUp } from './propfind.ts';

/** Makes folders, each once in a session. A folder needs the one above it (RFC 4918 section 9.3). */
export class DavFolders {
  readonly #connection: DavConnection;
  readonly #known = new Map<string, Promise<void>>();

  constructor(connection: DavConnection) {
    this.#connection = connection;
  }

  /** The folder, and those above it, are there afterwards. */
  async make(path: DavPath, signal: AbortSignal): Promise<void> {
    if (path.length === 0) return;
    const name = encodedPath(path, true);
    for (;;) {
      const others = this.#known.get(name);
      const pending = others ?? this.#create(path, signal);
      if (others === undefined) {
        this.#known.set(name, pending);
        void pending.catch(() => {
          if (this.#known.get(name) === pending) this.#known.delete(name);
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

  /** Says that the folder, and so perhaps any above it, turned out to be gone. */
  forget(): void {
    this.#known.clear();
  }

  async #create(path: DavPath, signal: AbortSignal): Promise<void> {
    if (await this.#tryToCreate(path, signal)) return;
    await this.make(path.slice(0, -1), signal);
    if (await this.#tryToCreate(path, signal)) return;
    throw fail('serverError', 'The server does not let a folder be made.', {
      hint: 'Check that the account may write there.',
    });
  }

  /** False where the folder above is missing. */
  async #tryToCreate(path: DavPath, signal: AbortSignal): Promise<boolean> {
    const reply = await this.#connection.send(
      { method: 'MKCOL', path: encodedPath(path, true) },
      signal,
    );
    if (reply.status === 409 || reply.status === 404) {
      await this.#connection.drop(reply);
      return false;
    }
    const failure = await this.#connection.refused(reply);
    if (reply.status === 201 || reply.status === 405) return true;
    // Some servers say otherwise of a folder that exists, above all of one that they will not let be made.
    const existing = await lookUp(this.#connection, path, signal);
    if (existing?.folder === true) return true;
    throw failure;
  }
}
