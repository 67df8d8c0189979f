import type { WebPreferences } from 'electron';

import type { LanguagesArgument } from '../../../shared/contract/desktop/requests.ts';

/**
 * How every page of the app runs: sandboxed, in a world apart from the preload, without Node and with the web's
 * security as it is. Named in full although most are Electron's defaults: a test reads them here.
 */
export function securePreferences(
  preload: string,
  languages: readonly string[],
): Readonly<WebPreferences> {
  const argument: LanguagesArgument = `--cloudroll-languages=${languages.join(',')}`;
  return {
    preload,
    additionalArguments: [argument],
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: true,
  };
}
