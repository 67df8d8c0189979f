import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Keychain } from '../../secrets/keychain.ts';
import { accountOf, keychainSecrets } from '../../secrets/keychain-secrets.ts';
import type { Secrets } from '../../secrets/secrets.ts';

/** An account that never holds anything, to ask whether the keychain answers. */
const probeAccount = 'probe';

/** How long a window waits to learn whether there is a keychain, milliseconds. */
const longestProbeMs = 1000;

export interface Availability {
  readonly available: boolean;
  readonly hint: string | null;
}

const usable: Availability = { available: true, hint: null };

/** Keeps what people typed in as secrets of destinations, and nowhere but in the keychain. */
export class DestinationSecrets {
  readonly #keychain: Keychain;
  readonly #logger: Logger;
  readonly #hide: (secret: string) => void;

  /** @param hide hears of every value that goes through here, so that no log and no report shows it */
  constructor(keychain: Keychain, logger: Logger, hide: (secret: string) => void) {
    this.#keychain = keychain;
    this.#logger = logger;
    this.#hide = hide;
  }

  /**
   * Keeps secrets, or fails (`unsupported`, with what to do) and leaves none behind that was not there before.
   * @param before names that the keychain holds already for that destination
   */
  async keep(
    destination: string,
    secrets: Readonly<Record<string, string>>,
    before: readonly string[],
  ): Promise<void> {
    const fresh = Object.keys(secrets).filter((name) => !before.includes(name));
    for (const value of Object.values(secrets)) this.#hide(value);
    try {
      for (const [name, value] of Object.entries(secrets)) {
        await this.#keychain.set(accountOf(destination, name), value);
      }
    } catch (error) {
      await this.forget(destination, fresh);
      throw error;
    }
  }

  /** What cannot be removed now stays in the keychain; nothing reads it any more. */
  async forget(destination: string, names: readonly string[]): Promise<void> {
    for (const name of names) {
      try {
        await this.#keychain.remove(accountOf(destination, name));
      } catch (error) {
        this.#logger.warn('secret not removed', { code: failureOf(error).code });
      }
    }
  }

  /** The keychain's secrets, for destinations. */
  get secrets(): Secrets {
    return {
      find: async (destination, name) => {
        const value = await keychainSecrets(this.#keychain).find(destination, name);
        if (value !== undefined) this.#hide(value);
        return value;
      },
    };
  }

  /**
   * Whether secrets can be kept; the hint says what to do where they cannot. A keychain that takes its time
   * (it asks the person to unlock it) counts as one that can be used: no window waits for it.
   */
  async availability(clock: Clock): Promise<Availability> {
    const enough = new AbortController();
    const slow = clock.sleep(longestProbeMs, enough.signal).then(
      () => usable,
      () => usable,
    );
    try {
      return await Promise.race([this.#probe(), slow]);
    } finally {
      enough.abort();
    }
  }

  async #probe(): Promise<Availability> {
    try {
      await this.#keychain.get(probeAccount);
      return usable;
    } catch (error) {
      const { message, hint } = failureOf(error);
      return { available: false, hint: hint ?? message };
    }
  }
}
