import { buildWhatChanged } from '../../../build/scripts/build/build.ts';
import { targetNames } from '../../../build/scripts/build/targets.ts';
import { findChromium } from '../electron/display/chromium.ts';
import { debianProgram } from '../services/local-server.ts';

/** What tests of the app need before any of them: its build, and a Chromium, which root gets on Debian. */
export default async function setup(): Promise<void> {
  await buildWhatChanged(targetNames, false);
  const found = findChromium();
  if (!('missing' in found)) return;
  try {
    await debianProgram('/usr/bin/chromium', 'chromium');
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`skipped: everything in a browser: ${reason}. ${found.missing}`);
  }
}
