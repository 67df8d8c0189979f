import type { Channel } from '../../../../shared/contract/app/channel.ts';

/**
 * Opens a WebSocket to the engine and resolves to a channel over it once it is open; rejects where there is
 * none. A channel that has closed stays closed: the caller opens another.
 */
export function connectSocket(address: string): Promise<Channel> {
  const socket = new WebSocket(address);
  return new Promise((resolve, reject) => {
    socket.addEventListener(
      'open',
      () => {
        resolve(channelOver(socket));
      },
      { once: true },
    );
    // After `open` this settles nothing any more.
    socket.addEventListener(
      'close',
      () => {
        reject(new Error('The sync engine cannot be reached.'));
      },
      { once: true },
    );
  });
}

function channelOver(socket: WebSocket): Channel {
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      const take = ({ data }: MessageEvent<unknown>): void => {
        const message = parse(data);
        if (message !== undefined) listener(message);
      };
      socket.addEventListener('message', take);
      return () => {
        socket.removeEventListener('message', take);
      };
    },
    onClose: (listener) => {
      const take = (): void => {
        listener();
      };
      if (socket.readyState === WebSocket.CLOSED) queueMicrotask(take);
      else socket.addEventListener('close', take, { once: true });
      return () => {
        socket.removeEventListener('close', take);
      };
    },
    close: () => {
      socket.close();
    },
  };
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    const message: unknown = JSON.parse(data);
    return message;
  } catch {
    return undefined;
  }
}
