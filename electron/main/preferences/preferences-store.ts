import Store from 'electron-store';

import { preferencesVersion, readPreferences, type Preferences } from './preferences.ts';

/** {@link Preferences} in a file of their own. */
export class PreferencesStore {
  readonly #store: Store;
  #preferences: Preferences;

  /** @param directory where the file lies */
  constructor(directory: string) {
    this.#store = new Store({
      cwd: directory,
      name: 'preferences',
      // A damaged file holds nothing that is worth failing for.
      clearInvalidConfig: true,
    });
    this.#preferences = readPreferences(this.#store.store);
  }

  get value(): Preferences {
    return this.#preferences;
  }

  update(change: Partial<Preferences>): void {
    this.#preferences = { ...this.#preferences, ...change };
    this.#store.store = { version: preferencesVersion, ...this.#preferences };
  }
}
