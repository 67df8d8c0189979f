// `npm start`: builds what is needed and starts the app, on Node 24 whatever started it (see build/bin/cloudroll.mjs).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findNode24, isNode24 } from '../bin/node24.mjs';

if (isNode24()) {
  await import('./start/run.ts');
} else {
  const node = findNode24();
  if ('missing' in node) {
    console.error(node.missing);
    process.exitCode = 1;
  } else {
    const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
    process.exitCode = spawnSync(node.path, args, { stdio: 'inherit' }).status ?? 1;
  }
}
