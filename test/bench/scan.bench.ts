/**
 * Looks at every file of a folder and records it in a new catalogue on disk, without reading any:
 * `scan.bench.ts FOLDER DATA_DIRECTORY`. Prints `{"seconds": …, "files": …}`.
 */
import { performance } from 'node:perf_hooks';

import { NodeFileSystem } from '../../electron/engine/adapters/node-file-system.ts';
import { SystemClock } from '../../electron/engine/adapters/system-clock.ts';
import { openDataDirectory } from '../../electron/engine/data-directory/data-directory.ts';
import { silentLogger } from '../../electron/engine/logging/logger.ts';
import { scanFolder } from '../../electron/engine/sync/scan-folder.ts';

const [, , folder = '', dataDirectory = ''] = process.argv;
const signal = new AbortController().signal;
const clock = new SystemClock();
const data = await openDataDirectory(dataDirectory, { clock, logger: silentLogger }, signal);
const { catalog } = data;
catalog.identity.become({ id: 'bench', name: 'bench' });
const root = catalog.files.ensureRoot(folder, 'bench', 'bench');
const ignore = (): void => undefined;
const started = performance.now();
await scanFolder(
  { root, leaveOut: [], only: null },
  [],
  { clock, fileSystem: new NodeFileSystem(), catalog },
  { onDirectory: ignore, onNotice: ignore, onUnreadable: ignore },
  signal,
);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, files: catalog.files.countPresent(root.id) }));
await data.close();
