import type { RawData, WebSocket } from 'ws';

import type { Channel } from '../../../shared/contract/app/channel.ts';

/** A window that reads slower than it is told gets this much ahead of it, bytes; then it has to connect again. */
const mostBuffered = 32 * 1024 * 1024;

/** WebSocket close codes (RFC 6455, section 7.4.1; 1013: IANA registry, "try again later"). */
const unsupportedData = 1003;
const tryAgainLater = 1013;

/** A WebSocket as a channel: one JSON text a message. */
export function socketChannel(socket: WebSocket): Channel {
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > mostBuffered) {
        socket.close(tryAgainLater);
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      const take = (data: RawData, isBinary: boolean): void => {
        const message = isBinary ? undefined : parse(data);
        if (message === undefined) socket.close(unsupportedData);
        else listener(message);
      };
      socket.on('message', take);
      return () => {
        socket.off('message', take);
      };
    },
    onClose: (listener) => {
      if (socket.readyState === socket.CLOSED) {
        listener();
        return () => undefined;
      }
      socket.once('close', listener);
      return () => {
        socket.off('close', listener);
      };
    },
    close: () => {
      socket.close();
    },
  };
}

/** Undefined for what is no JSON. */
function parse(data: RawData): unknown {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data;
  try {
    const message: unknown = JSON.parse(
      bytes instanceof ArrayBuffer ? Buffer.from(bytes).toString() : bytes.toString(),
    );
    return message;
  } catch {
    return undefined;
  }
}
