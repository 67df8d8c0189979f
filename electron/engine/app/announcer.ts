import type { Announce } from '../../../shared/contract/app/events.ts';

/** Tells all windows that listen. */
export class Announcer {
  readonly #listeners = new Set<Announce>();

  readonly announce: Announce = (name, data) => {
    for (const listener of this.#listeners) listener(name, data);
  };

  subscribe(listener: Announce): () => void {
    // One window may subscribe twice; each ends on its own.
    const own: Announce = (name, data) => {
      listener(name, data);
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }
}
