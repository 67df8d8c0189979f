import type { DatabaseSync } from 'node:sqlite';

import type { CataloguePool } from './catalogue-pool.ts';
import { CatalogueView } from './catalogue-view.ts';
import type { SeededRandom } from './seeded-random.ts';
import { UnsyncedCommits } from './unsynced-commits.ts';

/**
 * A catalogue database in memory that outlives the process that writes it. The engine never waits inside a
 * transaction, so a crash cannot cut one.
 */
export class CatalogueStore {
  readonly connection: DatabaseSync;
  /** What the checkers see. */
  readonly view: CatalogueView;
  /** What a power loss may take away. */
  readonly unsynced: UnsyncedCommits;
  readonly #pool: CataloguePool;

  constructor(pool: CataloguePool, connection: DatabaseSync = pool.take()) {
    this.#pool = pool;
    this.connection = connection;
    this.view = viewOf(connection);
    this.unsynced = new UnsyncedCommits(connection);
  }

  /** What stands for the memory of the process that has it open: another object after that process died. */
  memory: object = {};

  /** The process that had it open died, with everything it kept in memory. */
  forgetMemory(): void {
    this.memory = {};
  }

  /** An independent copy, as a person's backup or a cloned disk holds. */
  copy(): CatalogueStore {
    return new CatalogueStore(this.#pool, this.#pool.restore(this.connection.serialize()));
  }

  /** What is left of it after a power loss: this very store, or another one that lacks the latest commits. */
  afterPowerLoss(random: SeededRandom): CatalogueStore {
    const left = this.unsynced.lose(random);
    return left === null ? this : new CatalogueStore(this.#pool, this.#pool.restore(left));
  }

  dispose(): void {
    this.#pool.give(this.connection);
  }
}

const views = new WeakMap<DatabaseSync, CatalogueView>();

/** One view for each connection, however often the pool hands that out: its statements stay prepared. */
function viewOf(connection: DatabaseSync): CatalogueView {
  let view = views.get(connection);
  if (view === undefined) {
    view = new CatalogueView(connection);
    views.set(connection, view);
  }
  return view;
}
