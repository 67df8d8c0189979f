import { serveThumbnails } from './serve-thumbnails.ts';
import type { ThumbnailRequest } from './thumbnail-protocol.ts';

/** The thumbnail process of plain Node; its link is the channel of `child_process.fork`. */

serveThumbnails({
  onRequest: (listener) => {
    process.on('message', (request: ThumbnailRequest) => {
      listener(request);
    });
  },
  reply: (reply) => process.send?.(reply),
});
process.on('disconnect', () => {
  process.exit(0);
});
