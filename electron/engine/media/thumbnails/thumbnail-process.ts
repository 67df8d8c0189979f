import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  memoryLimitVariable,
  type ThumbnailReply,
  type ThumbnailRequest,
} from './thumbnail-protocol.ts';
import { moduleBeside } from '../../adapters/module-beside.ts';

/** A running child that renders thumbnails, however it was started. */
export interface ThumbnailProcess {
  send(request: ThumbnailRequest): void;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
}

export interface ThumbnailProcessEvents {
  onReply(reply: ThumbnailReply): void;
  /** Once, when it is gone or could not be started; `status` is its exit status where it has one. */
  onExit(status: number | null): void;
}

/** Starts a child; Electron gives one of its own kind. */
export type SpawnThumbnailProcess = (events: ThumbnailProcessEvents) => ThumbnailProcess;

/** Starts children of plain Node. */
export function forkThumbnailProcess(
  options: { readonly memoryMegabytes?: number; readonly childUrl?: URL } = {},
): SpawnThumbnailProcess {
  const url = options.childUrl ?? moduleBeside('thumbnail-child', import.meta.url);
  return (events) => {
    const child = fork(fileURLToPath(url), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {
        ...process.env,
        // Only libvips' own decoders that are fuzzed; its other ones were never meant for hostile files.
        VIPS_BLOCK_UNTRUSTED: '1',
        [memoryLimitVariable]: String(options.memoryMegabytes ?? 1500),
      },
    });
    let gone = false;
    const exit = (status: number | null): void => {
      if (!gone) events.onExit(status);
      gone = true;
    };
    child.on('message', (reply) => {
      events.onReply(reply as ThumbnailReply);
    });
    child.on('error', () => {
      exit(null);
    });
    child.on('exit', exit);
    return {
      send: (request) => {
        child.send(request, () => {
          // A child that died meanwhile reports its exit.
        });
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
