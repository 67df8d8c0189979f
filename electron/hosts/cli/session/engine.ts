import type { Logger } from '../../../engine/logging/logger.ts';
import { Engine } from '../../../engine/runtime/engine.ts';
import { environmentSecrets } from '../../../engine/secrets/environment-secrets.ts';
import type { Context } from '../context.ts';

/** The engine of one command, with the secrets of the environment. */
export function engineOf(context: Context, logger: Logger): Engine {
  const { dataDirectory, environment, options } = context;
  return new Engine({
    dataDirectory,
    secrets: environmentSecrets(environment),
    limit: options.limit ?? null,
    transfers: () => options.transfers ?? null,
    logger,
  });
}
