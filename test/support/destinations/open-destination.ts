import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { SystemClock } from '../../../electron/engine/adapters/system-clock.ts';
import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { decorate } from '../../../electron/engine/destinations/decorators/decorate.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import { builtInDestinations } from '../../../electron/engine/destinations/registry.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { environmentSecrets } from '../../../electron/engine/secrets/environment-secrets.ts';
import { testMediaReader } from './test-media-reader.ts';

/** A destination by its URL, as the product opens it, without decorations. */
export function openDestination(
  url: string,
  secrets: Readonly<Record<string, string>>,
  changes: Partial<OpenContext> = {},
): Promise<Destination> {
  return builtInDestinations().open(url, {
    purpose: 'setUp',
    fileSystem: new NodeFileSystem(),
    mediaReader: testMediaReader,
    clock: new SystemClock(),
    random: new SystemRandom(),
    secrets: environmentSecrets(secrets),
    logger: silentLogger,
    ...changes,
  });
}

/** As the engine uses it; repetitions come at once. */
export function decorated(destination: Destination): Destination {
  const ports = { clock: new SystemClock(), random: new SystemRandom(), logger: silentLogger };
  const retry = { attempts: 5, firstWaitMs: 5, longestWaitMs: 2_000 };
  return decorate(destination, ports, { retry });
}
