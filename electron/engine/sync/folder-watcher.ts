import { watchFolders, type WatchPorts } from '../scan/watch.ts';
import type { FolderWatcher } from './watch-sync.ts';

/** A watcher of folders for `watchSync`; directories that have to be polled are told of as a notice. */
export function folderWatcher(ports: WatchPorts): FolderWatcher {
  return (roots, { onReady, onHint, onNotice }, signal) =>
    watchFolders(
      roots,
      ports,
      {
        ready: onReady,
        hint: onHint,
        polling: (_root, failure) => {
          onNotice({ event: 'notice', destination: null, failure });
        },
      },
      signal,
    );
}
