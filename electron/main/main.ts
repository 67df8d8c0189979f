import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { app, crashReporter, protocol } from 'electron';

import { createFileLogger } from '../engine/logging/file-logger.ts';
import { createRedactor, secretsOf } from '../engine/logging/redact.ts';
import { dataDirectoryPath } from '../hosts/cli/session/data-directory-path.ts';
import { appScheme } from '../../shared/contract/desktop/addresses.ts';
import { appId } from './app-id.ts';
import { Desktop, openFromPage } from './desktop.ts';
import { engineEnvironment } from './engine/fork-engine.ts';
import { launchRequestSchema, parseLaunch, type LaunchRequest } from './launch/arguments.ts';
import { appPaths } from './paths.ts';
import { privilegedScheme } from './protocol/protocol.ts';
import { guardAllContents } from './security/guards.ts';
import { productAddresses } from './security/product-addresses.ts';

/**
 * Electron's entry. One app for each data directory: a second start hands over what it was asked for and ends.
 */

// Started from source, the first argument is this file.
const launch = parseLaunch(process.argv.slice(process.defaultApp ? 2 : 1), process.cwd());
const dataDirectory = dataDirectoryPath(launch.dataDirectory ?? undefined, {
  platform: process.platform,
  home: homedir(),
  environment: process.env,
  workingDirectory: process.cwd(),
});
/** What Electron and this process keep for themselves: beside the engine's data, never among it. */
const ownDirectory = join(dataDirectory, 'desktop');
const { dataDirectory: _named, ...request } = launch;

mkdirSync(ownDirectory, { recursive: true, mode: 0o700 });
app.setName('Cloudroll');
app.setPath('userData', ownDirectory);
app.setAppUserModelId(appId);

if (app.requestSingleInstanceLock(request)) run(request);
else app.quit();

function run(first: LaunchRequest): void {
  const redact = createRedactor(secretsOf(process.env));
  const logger = createFileLogger(ownDirectory, redact);
  const recordCrash = (error: unknown): void => {
    logger.error('error of our own', {
      stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  };
  process.on('uncaughtException', recordCrash);
  process.on('unhandledRejection', recordCrash);
  // Dumps stay on this computer: nothing is sent to anybody.
  crashReporter.start({ uploadToServer: false });
  protocol.registerSchemesAsPrivileged([privilegedScheme]);
  app.enableSandbox();
  guardAllContents(app, {
    openExternal: (address) => {
      openFromPage(address, logger);
    },
    addresses: productAddresses,
    logger,
  });

  let desktop: Desktop | null = null;
  const early: LaunchRequest[] = [first];
  const open = (wish: LaunchRequest): void => {
    if (desktop === null) early.push(wish);
    else desktop.open(wish);
  };
  app.on('second-instance', (_event, _args, _directory, data) => {
    const parsed = launchRequestSchema.safeParse(data);
    if (parsed.success) open({ ...parsed.data, hidden: false });
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open({ hidden: false, upload: true, paths: [path], link: null });
  });
  app.on('open-url', (event, link) => {
    event.preventDefault();
    open({ hidden: false, upload: false, paths: [], link });
  });
  const start = async (): Promise<void> => {
    await app.whenReady();
    registerLinks();
    const environment = await engineEnvironment();
    const paths = appPaths(import.meta.url);
    desktop = new Desktop({ paths, dataDirectory, ownDirectory, environment, logger, redact });
    desktop.start();
    for (const wish of early.splice(0)) desktop.open(wish);
  };
  start().catch((error: unknown) => {
    recordCrash(error);
    app.exit(1);
  });
}

/** Has the system hand links of the app's scheme to this program. */
function registerLinks(): void {
  if (process.defaultApp) {
    const [, main] = process.argv;
    if (main !== undefined) {
      app.setAsDefaultProtocolClient(appScheme, process.execPath, [resolve(main)]);
    }
  } else {
    app.setAsDefaultProtocolClient(appScheme);
  }
}
