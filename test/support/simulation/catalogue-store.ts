import { DatabaseSync } from 'node:sqlite';

import { CatalogueView } from './catalogue-view.ts';

/**
 * A catalogue database in memory that outlives the process that writes it. Every transaction is durable
 * at once, as with `synchronous = FULL`; the engine never waits inside one, so a crash cannot cut one.
 */
export class CatalogueStore {
  readonly connection = new DatabaseSync(':memory:');
  /** What the checkers see. */
  readonly view: CatalogueView;

  /** `image`: what the store begins as; without one it is empty. */
  constructor(image?: Uint8Array) {
    if (image !== undefined) this.connection.deserialize(image);
    this.view = new CatalogueView(this.connection);
  }

  /** What stands for the memory of the process that has it open: another object after that process died. */
  memory: object = {};

  /** The process that had it open died, with everything it kept in memory. */
  forgetMemory(): void {
    this.memory = {};
  }

  /** An independent copy, as a person's backup or a cloned disk holds. */
  copy(): CatalogueStore {
    return new CatalogueStore(this.connection.serialize());
  }

  dispose(): void {
    if (this.connection.isOpen) this.connection.close();
  }
}
