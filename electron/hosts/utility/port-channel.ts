import type { Channel } from '../../../shared/contract/app/channel.ts';
import type { UtilityPort } from './parent-port.ts';

/** A window's pipe, over the port that the main process handed on. */
export function portChannel(port: UtilityPort): Channel {
  const listeners = new Set<(message: unknown) => void>();
  const closeListeners = new Set<() => void>();
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  };
  port.on('message', ({ data }) => {
    for (const listener of listeners) listener(data);
  });
  port.on('close', close);
  return {
    send: (message) => {
      if (!closed) port.postMessage(message);
    },
    onMessage: (listener) => {
      listeners.add(listener);
      port.start();
      return () => {
        listeners.delete(listener);
      };
    },
    onClose: (listener) => {
      if (closed) listener();
      else closeListeners.add(listener);
      return () => {
        closeListeners.delete(listener);
      };
    },
    close: () => {
      close();
      port.close();
    },
  };
}
