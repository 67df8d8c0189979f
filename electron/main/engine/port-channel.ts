import type { MessagePortMain } from 'electron';

import type { Channel } from '../../../shared/contract/app/channel.ts';

/** The main process's own pipe to the engine. */
export function portChannel(
  port: Pick<MessagePortMain, 'on' | 'off' | 'postMessage' | 'start' | 'close'>,
): Channel {
  let closed = false;
  port.on('close', () => {
    closed = true;
  });
  return {
    send: (message) => {
      if (!closed) port.postMessage(message);
    },
    onMessage: (listener) => {
      const take = ({ data }: { readonly data: unknown }): void => {
        listener(data);
      };
      port.on('message', take);
      port.start();
      return () => {
        port.off('message', take);
      };
    },
    onClose: (listener) => {
      port.on('close', listener);
      return () => {
        port.off('close', listener);
      };
    },
    close: () => {
      port.close();
    },
  };
}
