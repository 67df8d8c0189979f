import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

import type { Channel } from '../../../shared/contract/app/channel.ts';

/** Longest message, characters: a hundred thousand paths. */
const longestLine = 16 * 1024 * 1024;
/** Who reads slower than it is told gets this much ahead of it, bytes; then it has to connect again. */
const mostBuffered = 32 * 1024 * 1024;

/** A local socket as a channel: one JSON text a line. Whoever sends anything else is let go. */
export function lineChannel(socket: Duplex): Channel {
  const listeners = new Set<(message: unknown) => void>();
  const decoder = new StringDecoder('utf8');
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    // Looking through the whole of a long line again for each piece of it would take for ever.
    if (!text.includes('\n')) {
      rest += text;
      if (rest.length > longestLine) socket.destroy();
      return;
    }
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (message === undefined) {
        socket.destroy();
        return;
      }
      for (const listener of listeners) listener(message);
    }
  });
  // What happened is told by `close`, which follows.
  socket.on('error', () => undefined);
  return {
    send: (message) => {
      if (!socket.writable) return;
      if (socket.writableLength > mostBuffered) socket.destroy();
      else socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onClose: (listener) => {
      if (socket.closed) listener();
      else socket.once('close', listener);
      return () => {
        socket.off('close', listener);
      };
    },
    close: () => {
      socket.end();
    },
  };
}

/** Undefined for what is no JSON. */
function parse(line: string): unknown {
  try {
    const message: unknown = JSON.parse(line);
    return message;
  } catch {
    return undefined;
  }
}
