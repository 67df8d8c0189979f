import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { SeededRandom } from './seeded-random.ts';

/**
 * The end of a catalogue's write-ahead log: commits that are made and not durable yet. A sync makes durable
 * what was committed before it began; so does any change that waits for the disk itself, which the engine's
 * statements outside a queued commit do (`synchronous = FULL`). A power loss takes away a tail of them.
 */
export class UnsyncedCommits {
  readonly #connection: DatabaseSync;
  readonly #changesNow: StatementSync;
  /** Oldest first, each with what the database held before it. */
  #commits: readonly { readonly before: Uint8Array }[] = [];
  #before: Uint8Array | null = null;
  /** Rows that had ever been changed, also by what was rolled back, when the latest of them was made. */
  #changes: unknown = null;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
    this.#changesNow = connection.prepare('SELECT total_changes() AS changes');
  }

  /** A commit that does not wait for the disk is about to be made. */
  begin(): void {
    this.#noticeSyncedChanges();
    this.#before = this.#connection.serialize();
  }

  /** It was made. */
  made(): void {
    if (this.#before === null) return;
    this.#commits = [...this.#commits, { before: this.#before }];
    this.#before = null;
    this.#changes = this.#total();
  }

  /** A sync begins, of what was made before; what this gives back is to be called when it is done. */
  sync(): () => void {
    this.made();
    const last = this.#commits.at(-1);
    return () => {
      // Gone already where a change that waited for the disk itself came first.
      if (last !== undefined) this.#commits = this.#commits.slice(this.#commits.indexOf(last) + 1);
    };
  }

  /** Power goes: what the database holds then, or null where it keeps everything. */
  lose(random: SeededRandom): Uint8Array | null {
    this.#noticeSyncedChanges();
    const kept = random.below(this.#commits.length + 1);
    const first = this.#commits[kept];
    this.#commits = [];
    return first?.before ?? null;
  }

  #noticeSyncedChanges(): void {
    if (this.#commits.length > 0 && this.#total() !== this.#changes) this.#commits = [];
  }

  #total(): unknown {
    return this.#changesNow.get()?.['changes'];
  }
}
