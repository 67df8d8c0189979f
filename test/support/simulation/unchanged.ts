/**
 * Remembers what checks that passed had looked at, by version, so that each is made again only where something of
 * that has changed: what was not broken then is not broken now.
 */
export class Unchanged {
  readonly #passed = new Map<string, readonly unknown[]>();

  /**
   * Makes the check, which throws where a promise is broken, unless it passed before with the same `versions`:
   * one of each thing that the check looks at, always in the same order.
   */
  unless(name: string, versions: readonly unknown[], check: () => void): void {
    const passed = this.#passed.get(name);
    if (passed?.every((version, index) => version === versions[index]) === true) return;
    check();
    this.#passed.set(name, versions);
  }
}
