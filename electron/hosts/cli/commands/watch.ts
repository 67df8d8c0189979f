import type { SyncEvent } from '../../../../shared/contract/sync-events.ts';
import { failureOf } from '../../../../shared/domain/failure.ts';
import { ChokidarDirectoryWatcher } from '../../../engine/adapters/chokidar-directory-watcher.ts';
import type { EnginePorts } from '../../../engine/engine-ports.ts';
import { folderWatcher } from '../../../engine/sync/folder-watcher.ts';
import type { SyncOptions } from '../../../engine/sync/run-sync.ts';
import { watchSync } from '../../../engine/sync/watch-sync.ts';

/** Keeps folders backed up until the signal aborts; returns how many questions and folders were open last. */
export async function watch(
  options: SyncOptions,
  ports: EnginePorts,
  onEvent: (event: SyncEvent) => void,
  signal: AbortSignal,
): Promise<number> {
  const watcher = folderWatcher({
    clock: ports.clock,
    fileSystem: ports.fileSystem,
    watcher: new ChokidarDirectoryWatcher(),
  });
  const result = await watchSync(options, ports, watcher, onEvent, signal).catch(
    (error: unknown) => {
      if (failureOf(error).code === 'cancelled' && signal.aborted) return null;
      throw error;
    },
  );
  return result?.problems ?? 0;
}
