import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

/** Where systems keep a Chromium of their own; the one without an interface of its own takes half the work. */
const systemPlaces = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** A browser to run windows in: playwright's own, else the system's; or why there is none. */
export function findChromium(): { readonly path: string } | { readonly missing: string } {
  const own = chromium.executablePath();
  const path = [own, ...systemPlaces].find((place) => place !== '' && existsSync(place));
  if (path !== undefined) return { path };
  return {
    missing:
      'There is no Chromium for tests of the windows: run "npx playwright-core install chromium", or install the package chromium of your system.',
  };
}

/** @throws where there is none */
export async function startChromium(): Promise<Browser> {
  const found = findChromium();
  if ('missing' in found) throw new Error(found.missing);
  // Chromium refuses to be sandboxed for root.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: found.path, args: [...quietFlags, ...root] });
}
