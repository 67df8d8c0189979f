import { fileURLToPath } from 'node:url';

/** What `npm run build` makes for browsers, from a module of the sources. */
export const builtWindow = {
  windowFolder: fileURLToPath(new URL('../../../build/dist/renderer', import.meta.url)),
  bridgeFile: fileURLToPath(new URL('../../../build/dist/web/bridge.js', import.meta.url)),
} as const;
