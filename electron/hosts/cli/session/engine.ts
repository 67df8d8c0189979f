import { environmentEndpoints } from '../../../engine/destinations/endpoints.ts';
import { builtInDestinations } from '../../../engine/destinations/registry.ts';
import type { Logger } from '../../../engine/logging/logger.ts';
import { Engine } from '../../../engine/runtime/engine.ts';
import { environmentSecrets } from '../../../engine/secrets/environment-secrets.ts';
import { scriptSecrets } from '../../../engine/sign-in/script-secrets.ts';
import type { Context } from '../context.ts';

/** The engine of one command, with the secrets of the environment and the sign-ins of the keychain. */
export function engineOf(context: Context, logger: Logger): Engine {
  const { dataDirectory, environment, options, keychain, hide } = context;
  const registry = builtInDestinations();
  const endpoints = environmentEndpoints(environment);
  const { secrets, replace } = scriptSecrets(environmentSecrets(environment), keychain, (scheme) =>
    registry.kinds.find((kind) => kind.scheme === scheme)?.signIn?.(endpoints),
  );
  return new Engine({
    dataDirectory,
    registry,
    endpoints,
    sshAgent: environment['SSH_AUTH_SOCK'],
    hide,
    secrets: {
      find: async (destination, name) => {
        const secret = await secrets.find(destination, name);
        if (secret !== undefined) hide(secret);
        return secret;
      },
    },
    replaceSecret: replace,
    limit: options.limit ?? null,
    transfers: () => options.transfers ?? null,
    logger,
  });
}
