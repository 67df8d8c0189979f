/** A process of its own that opens the data directory it is given, says so, and keeps it until it is killed. */
import { SystemClock } from '../../../electron/engine/adapters/system-clock.ts';
import { openDataDirectory } from '../../../electron/engine/data-directory/data-directory.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';

const [, , path = ''] = process.argv;
const ports = { clock: new SystemClock(), logger: silentLogger };
const directory = await openDataDirectory(path, ports, new AbortController().signal);
directory.catalog.identity.become({ id: 'held', name: 'held' });
process.stdout.write('open\n');
