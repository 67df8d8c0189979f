import { fileURLToPath } from 'node:url';

import type { Configuration } from 'electron-builder';

import { appId } from '../../electron/main/app-id.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Where installed apps look for new versions. A package that is built without it has no updates, rather than
 * some that nobody vouches for.
 */
const updates = process.env['CLOUDROLL_UPDATE_URL'] ?? '';

const photoTypes = [
  'jpg',
  'jpeg',
  'png',
  'heic',
  'heif',
  'webp',
  'avif',
  'gif',
  'tif',
  'tiff',
  'dng',
];
const videoTypes = ['mp4', 'mov', 'm4v', '3gp', 'webm', 'mkv'];

/** How the app is packed for macOS (dmg, zip), Windows (nsis) and Linux (AppImage, deb). */
export const packaging: Configuration = {
  appId,
  productName: 'Cloudroll',
  copyright: 'Cloudroll, MIT licence',
  directories: { app: root, output: 'build/dist/packages', buildResources: 'build/icons/app' },
  extraMetadata: { main: 'build/dist/main/main.js', desktopName: 'cloudroll.desktop' },
  // Production packages come along by themselves; everything that windows need is in their bundle.
  files: [
    'package.json',
    'LICENSE',
    'build/dist/{main,preload,engine,renderer}/**',
    'build/icons/{app,tray}/**',
    '!**/*.map',
    '!**/*.{ts,mts,cts,tsbuildinfo}',
    // Node for the command line: Electron brings its own.
    '!node_modules/node-{linux,darwin,win}-*/**',
    '!node_modules/node-bin-*/**',
  ],
  asar: true,
  // Native code and programs cannot be started from inside an archive.
  asarUnpack: [
    'node_modules/@img/**',
    'node_modules/@napi-rs/**',
    'node_modules/@node-rs/**',
    'node_modules/exiftool-vendored.*/**',
  ],
  npmRebuild: false,
  nodeGypRebuild: false,
  electronFuses: {
    // The binary is this app and nothing else: no Node by environment, options or inspector. The engine's
    // thumbnail processes are utility processes for that reason (electron/main/engine/thumbnail-forks.ts).
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
  },
  protocols: [{ name: 'Cloudroll', schemes: ['cloudroll'] }],
  fileAssociations: [
    { ext: photoTypes, name: 'Photo', role: 'Viewer', rank: 'Alternate' },
    { ext: videoTypes, name: 'Video', role: 'Viewer', rank: 'Alternate' },
  ],
  icon: 'build/icons/app/1024.png',
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.photography',
    hardenedRuntime: true,
  },
  win: { target: ['nsis'] },
  nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false },
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'build/icons/app',
    category: 'Graphics',
    executableName: 'cloudroll',
    synopsis: 'Puts every photo safely into the clouds you choose',
    maintainer: 'Cloudroll',
    desktop: {
      entry: { StartupWMClass: 'cloudroll', Keywords: 'photo;backup;sync;cloud;' },
      desktopActions: { Upload: { Name: 'Upload photos', Exec: 'cloudroll upload' } },
    },
  },
  publish: updates === '' ? null : { provider: 'generic', url: updates },
};
