export interface Library {
  readonly name: string;
  /** SPDX identifier. */
  readonly licence: string;
}

/** What the product is delivered with; a test compares it with the packages. */
export const LIBRARIES: readonly Library[] = [
  { name: '@aws-sdk/client-s3', licence: 'Apache-2.0' },
  { name: '@napi-rs/keyring', licence: 'MIT' },
  { name: '@node-rs/crc32', licence: 'MIT' },
  { name: '@photostructure/tz-lookup', licence: 'CC0-1.0' },
  { name: '@smithy/node-http-handler', licence: 'Apache-2.0' },
  { name: '@tanstack/react-query', licence: 'MIT' },
  { name: 'chokidar', licence: 'MIT' },
  { name: 'conf', licence: 'MIT' },
  { name: 'electron', licence: 'MIT' },
  { name: 'electron-store', licence: 'MIT' },
  { name: 'electron-updater', licence: 'MIT' },
  { name: 'exifr', licence: 'MIT' },
  { name: 'exiftool-vendored', licence: 'MIT' },
  { name: 'i18next', licence: 'MIT' },
  { name: 'ignore', licence: 'MIT' },
  { name: 'libvips', licence: 'LGPL-3.0-or-later' },
  { name: 'lucide-react', licence: 'ISC' },
  { name: 'oauth4webapi', licence: 'MIT' },
  { name: 'pino', licence: 'MIT' },
  { name: 'react', licence: 'MIT' },
  { name: 'react-aria-components', licence: 'Apache-2.0' },
  { name: 'react-dom', licence: 'MIT' },
  { name: 'react-i18next', licence: 'MIT' },
  { name: 'rotating-file-stream', licence: 'MIT' },
  { name: 'saxes', licence: 'ISC' },
  { name: 'sharp', licence: 'Apache-2.0' },
  { name: 'ssh2', licence: 'MIT' },
  { name: 'thumbhash', licence: 'MIT' },
  { name: 'wouter', licence: 'Unlicense' },
  { name: 'ws', licence: 'MIT' },
  { name: 'yet-another-react-lightbox', licence: 'MIT' },
  { name: 'zod', licence: 'MIT' },
];
