import type { Keychain } from './keychain.ts';
import type { Secrets } from './secrets.ts';

/** Under which name the keychain keeps a secret of a destination. */
export function accountOf(destination: string, name: string): string {
  return `${name} ${destination}`;
}

/** Secrets that the keychain holds. */
export function keychainSecrets(keychain: Keychain): Secrets {
  return {
    find: async (destination, name) =>
      (await keychain.get(accountOf(destination, name))) ?? undefined,
  };
}

/** Secrets that a person has typed in just now, before they are kept anywhere. */
export function givenSecrets(secrets: Readonly<Record<string, string>>): Secrets {
  return {
    find: (_destination, name) => {
      const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      return Promise.resolve(value === '' ? undefined : value);
    },
  };
}

/**
 * The keychain's secrets for destinations that have some there, the others' from elsewhere. A destination
 * never gets half of a pair from one place and half from the other.
 *
 * @param inKeychain whether the keychain was given secrets for that destination
 */
export function chosenSecrets(
  inKeychain: (destination: string) => boolean,
  keychain: Secrets,
  elsewhere: Secrets,
): Secrets {
  return {
    find: (destination, name) =>
      (inKeychain(destination) ? keychain : elsewhere).find(destination, name),
  };
}
