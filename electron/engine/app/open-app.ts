import { destinationName, parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { ChokidarDirectoryWatcher } from '../adapters/chokidar-directory-watcher.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { openDataDirectory } from '../data-directory/data-directory.ts';
import { environmentEndpoints } from '../destinations/endpoints.ts';
import { LazyLog } from '../logging/lazy-log.ts';
import { Redactor, secretsOf } from '../logging/redact.ts';
import { Engine } from '../runtime/engine.ts';
import { environmentSecrets } from '../secrets/environment-secrets.ts';
import { chosenSecrets } from '../secrets/keychain-secrets.ts';
import { SystemKeychain } from '../secrets/system-keychain.ts';
import { folderWatcher } from '../sync/folder-watcher.ts';
import { systemReveal } from '../timeline/system-reveal.ts';
import { Application } from './application.ts';
import type { App } from './app.ts';
import { DestinationSecrets } from './destinations/destination-secrets.ts';
import type { AppOptions } from './options.ts';
import { SettingsStore } from './settings/settings-store.ts';
import type { StoredSettings } from './settings/stored-settings.ts';

/**
 * Opens the engine as an application: everything a window needs behind {@link App}. It begins to sync by itself.
 *
 * @throws `busy` where another process has the data directory open; `unsupported` where a newer version wrote
 * it; `diskFull`, `readOnly`, `unreadable`, `cancelled`
 */
export async function openApp(options: AppOptions, signal: AbortSignal): Promise<App> {
  const { dataDirectory, environment, platform } = options;
  const clock = options.clock ?? new SystemClock();
  const { hide, redact } = new Redactor(secretsOf(environment));
  const log = new LazyLog({ dataDirectory, redact });
  const keychain = options.keychain ?? new SystemKeychain(platform);
  const secrets = new DestinationSecrets(keychain, log, hide);
  const data = await openDataDirectory(dataDirectory, { clock, logger: log }, signal);
  try {
    log.open();
    const { settings: store, notice } = await SettingsStore.open(
      data.path,
      options.version,
      clock.now(),
    );
    const elsewhere = environmentSecrets(environment);
    const inKeychain = (destination: string): boolean => holdsSecretsOf(destination, store.get());
    const engine = new Engine({
      dataDirectory,
      clock,
      logger: log,
      hide,
      secrets: chosenSecrets(inKeychain, secrets.secrets, elsewhere),
      replaceSecret: async (destination, name, value) => {
        if (inKeychain(destination)) await secrets.keep(destination, { [name]: value }, [name]);
      },
      endpoints: environmentEndpoints(environment),
      sshAgent: environment['SSH_AUTH_SOCK'],
      ...(options.builtClients === undefined ? {} : { builtClients: options.builtClients }),
      ...(options.registry === undefined ? {} : { registry: options.registry }),
      limit: store.get().settings.uploadLimit,
      transfers: () => store.get().settings.transfersAtOnce,
    });
    const watcher = folderWatcher({
      clock,
      fileSystem: engine.fileSystem,
      watcher: options.watcher ?? new ChokidarDirectoryWatcher(),
    });
    const reveal = options.reveal ?? systemReveal(platform);
    const notices = notice === null ? data.notices : [...data.notices, notice];
    const parts = {
      options,
      engine,
      data,
      store,
      log,
      secrets,
      elsewhere,
      hide,
      watcher,
      reveal,
      redact,
    };
    const app = new Application({ ...parts, notices });
    app.start();
    return app;
  } catch (error) {
    await data.close();
    await log[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether the keychain was given secrets for the place that a destination leads to. */
function holdsSecretsOf(place: string, { destinations }: StoredSettings): boolean {
  return destinations.some(
    ({ url, secrets }) => secrets.length > 0 && destinationName(parseDestinationUrl(url)) === place,
  );
}
