import { fail } from '../../../shared/domain/failure.ts';

/**
 * Lets stages sleep until something changed. A change between looking and waiting is never missed:
 * look, remember `version`, then wait for a later one.
 */
export class Wakeup {
  #version = 0;
  #waiting = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  notify(): void {
    this.#version += 1;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resume of waiting) resume();
  }

  /** Resolves once there was a change after `version`; rejects with `cancelled`. */
  async after(version: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
    if (this.#version !== version) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const cancel = () => {
      reject(fail('cancelled', 'The work was cancelled.'));
    };
    const resume = () => {
      resolve(undefined);
    };
    this.#waiting.add(resume);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await promise;
    } finally {
      this.#waiting.delete(resume);
      signal.removeEventListener('abort', cancel);
    }
  }
}
