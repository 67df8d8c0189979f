/**
 * Loaded before the built main process: from here on, `electron` is the stand-in, and the process looks like
 * one of Electron's.
 */
import { registerHooks } from 'node:module';

const standIn = new URL('./module/electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

const look = {
  type: 'browser',
  defaultApp: true,
  resourcesPath: '/nowhere',
  getSystemVersion: () => 'stand-in',
};
for (const [name, value] of Object.entries(look)) Object.defineProperty(process, name, { value });
