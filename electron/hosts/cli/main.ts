import { homedir } from 'node:os';

import { runCommandLine } from './run-command-line.ts';

process.exit(
  await runCommandLine(process.argv.slice(2), {
    process,
    environment: process.env,
    platform: process.platform,
    workingDirectory: process.cwd(),
    home: homedir(),
  }),
);
