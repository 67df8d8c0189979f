import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findNode24, isNode24 } from '../bin/node24.mjs';

/**
 * Runs a script on Node 24, whatever started it: right here, or in a process of its own whose output and exit
 * status become those of this one. Plain JavaScript, because an older Node has to read it.
 *
 * @param {string} self `import.meta.url` of the script
 * @param {() => Promise<unknown>} run what it does once it is on Node 24
 */
export async function onNode24(self, run) {
  if (isNode24()) {
    await run();
    return;
  }
  const node = findNode24();
  if ('missing' in node) {
    console.error(node.missing);
    process.exitCode = 1;
    return;
  }
  const args = [fileURLToPath(self), ...process.argv.slice(2)];
  process.exitCode = spawnSync(node.path, args, { stdio: 'inherit' }).status ?? 1;
}
