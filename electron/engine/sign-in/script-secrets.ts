import type { SignInProvider } from '../destinations/sign-in.ts';
import type { Keychain } from '../secrets/keychain.ts';
import { accountOf, keychainSecrets } from '../secrets/keychain-secrets.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ReplaceSecret } from './accounts.ts';

export interface ScriptSecrets {
  readonly secrets: Secrets;
  readonly replace: ReplaceSecret;
}

/**
 * Secrets as the command line finds them: in the environment, and those of a sign-in in the keychain where the
 * environment has no refresh token for it. A refresh token and the client it was given to come from one place.
 *
 * @param providerOf how people sign in at destinations of a scheme; undefined where they do not
 */
export function scriptSecrets(
  environment: Secrets,
  keychain: Keychain,
  providerOf: (scheme: string) => SignInProvider | undefined,
): ScriptSecrets {
  const inKeychain = keychainSecrets(keychain);
  const isKept = async (destination: string, name: string): Promise<boolean> => {
    const names = providerOf(destination.slice(0, destination.indexOf(':')))?.secrets;
    if (names === undefined || !Object.values(names).includes(name)) return false;
    return (await environment.find(destination, names.refreshToken)) === undefined;
  };
  return {
    secrets: {
      find: async (destination, name) =>
        ((await isKept(destination, name)) ? inKeychain : environment).find(destination, name),
    },
    replace: async (destination, name, value) => {
      if (await isKept(destination, name)) await keychain.set(accountOf(destination, name), value);
    },
  };
}
