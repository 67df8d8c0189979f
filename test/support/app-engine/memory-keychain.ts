import { fail } from '../../../shared/domain/failure.ts';
import type { Keychain } from '../../../electron/engine/secrets/keychain.ts';

/** A keychain that keeps secrets in memory, or cannot be used at all. */
export class MemoryKeychain implements Keychain {
  readonly held = new Map<string, string>();
  locked = false;

  get(account: string): Promise<string | null> {
    return this.#unlessLocked(() => this.held.get(account) ?? null);
  }

  async set(account: string, secret: string): Promise<void> {
    await this.#unlessLocked(() => this.held.set(account, secret));
  }

  async remove(account: string): Promise<void> {
    await this.#unlessLocked(() => this.held.delete(account));
  }

  #unlessLocked<T>(work: () => T): Promise<T> {
    if (!this.locked) return Promise.resolve(work());
    return Promise.reject(
      fail('unsupported', 'The keychain cannot be used.', { hint: 'Unlock it.' }),
    );
  }
}
