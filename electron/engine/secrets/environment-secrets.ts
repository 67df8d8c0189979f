import type { Secrets } from './secrets.ts';

/** Secrets from environment variables, the same for every destination; an empty variable is none. */
export function environmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Secrets {
  return {
    find: (_destination, name) => {
      const value = environment[name];
      return Promise.resolve(value === '' ? undefined : value);
    },
  };
}
