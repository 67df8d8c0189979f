import { fail, type CloudrollError } from '../../../shared/domain/failure.ts';
import type { Keychain } from './keychain.ts';

const service = 'cloudroll';
/** Time that a person may take to unlock it, milliseconds. */
const longestMs = 60_000;
/** Without this the library may fall back to the kernel's keyring, which is lost on reboot. */
const options = { linux: { store: 'secret-service' } } as const;

type Library = typeof import('@napi-rs/keyring');

/**
 * The system's own: Keychain on macOS, Credential Manager on Windows, the Secret Service (GNOME Keyring,
 * KWallet, KeePassXC) on Linux. The native library is loaded when it is first needed; where it, or the
 * service, is not there, every call fails with what to do.
 */
export class SystemKeychain implements Keychain {
  readonly #platform: string;
  readonly #load: () => Promise<Library>;
  #library: Promise<Library> | null = null;

  constructor(platform: string, load: () => Promise<Library> = () => import('@napi-rs/keyring')) {
    this.#platform = platform;
    this.#load = load;
  }

  async get(account: string): Promise<string | null> {
    return this.#call(account, (entry, signal) => entry.getPassword(signal));
  }

  async set(account: string, secret: string): Promise<void> {
    await this.#call(account, (entry, signal) => entry.setPassword(secret, signal));
  }

  async remove(account: string): Promise<void> {
    await this.#call(account, (entry, signal) => entry.deletePassword(signal));
  }

  async #call<T>(
    account: string,
    perform: (entry: InstanceType<Library['AsyncEntry']>, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      this.#library ??= this.#load();
      const { AsyncEntry } = await this.#library;
      const entry = new AsyncEntry(service, account, options);
      return await withinTime(perform(entry, AbortSignal.timeout(longestMs)));
    } catch (cause) {
      // What the library says may name the account, never the secret; it is kept as the cause alone.
      throw unavailable(this.#platform, cause);
    }
  }
}

/** A prompt that nobody answers must not keep a request waiting for ever. */
async function withinTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error('the keychain gave no answer'));
  }, longestMs);
  timer.unref();
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(platform: string, cause: unknown): CloudrollError {
  const hints: Readonly<Record<string, string>> = {
    darwin: 'Unlock the login keychain in Keychain Access, then try again.',
    win32: 'Check that the service "Credential Manager" is running, then try again.',
  };
  return fail('unsupported', 'The keychain of this computer cannot be used.', {
    hint:
      hints[platform] ??
      'Install and unlock a password store such as GNOME Keyring or KWallet, or give the keys in environment variables.',
    cause,
  });
}
