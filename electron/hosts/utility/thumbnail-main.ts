import type { ThumbnailRequest } from '../../engine/media/thumbnails/thumbnail-protocol.ts';
import type { UtilityPort } from './parent-port.ts';

/** The thumbnail process of Electron: its one message brings the port to the engine. */

// Before libvips is loaded: only its own decoders that are fuzzed, never those not meant for hostile files.
process.env['VIPS_BLOCK_UNTRUSTED'] = '1';
const { serveThumbnails } = await import('../../engine/media/thumbnails/serve-thumbnails.ts');

interface ParentPort {
  once(event: 'message', listener: (event: { readonly ports: UtilityPort[] }) => void): unknown;
}

const { parentPort } = process as typeof process & { readonly parentPort: ParentPort };
parentPort.once('message', ({ ports: [port] }) => {
  if (port === undefined) return;
  serveThumbnails({
    onRequest: (listener) => {
      port.on('message', ({ data }) => {
        listener(data as ThumbnailRequest);
      });
    },
    reply: (reply) => {
      port.postMessage(reply);
    },
  });
  port.on('close', () => {
    process.exit(0);
  });
  port.start();
});
