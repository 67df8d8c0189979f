import type { Channel } from '../../shared/contract/app/channel.ts';

interface Waiting {
  readonly resolve: (channel: Channel) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks the main process for pipes to the engine and turns the ports that come back into channels. After that
 * the messages go from the window to the engine without passing through the main process.
 */
export class EnginePorts {
  readonly #request: (connection: number) => Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** @param request asks for a port under a number; rejects while the engine is not there */
  constructor(request: (connection: number) => Promise<unknown>) {
    this.#request = request;
  }

  connect(): Promise<Channel> {
    this.#last += 1;
    const connection = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(connection, { resolve, reject });
      this.#request(connection).catch((error: unknown) => {
        this.#waiting.delete(connection);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  /** A port came; one that nobody waits for is closed. */
  arrive(connection: number, port: MessagePort): void {
    const waiting = this.#waiting.get(connection);
    this.#waiting.delete(connection);
    if (waiting === undefined) port.close();
    else waiting.resolve(channelOver(port));
  }
}

function channelOver(port: MessagePort): Channel {
  let closed = false;
  const closeListeners = new Set<() => void>();
  const close = (): void => {
    if (closed) return;
    closed = true;
    port.close();
    for (const listener of closeListeners) listener();
  };
  // Electron's addition to MessagePort: the other end is gone (closed, or its process ended).
  port.addEventListener('close', close);
  return {
    send: (message) => {
      if (!closed) port.postMessage(message);
    },
    onMessage: (listener) => {
      const take = ({ data }: { readonly data: unknown }): void => {
        listener(data);
      };
      port.addEventListener('message', take);
      port.start();
      return () => {
        port.removeEventListener('message', take);
      };
    },
    onClose: (listener) => {
      if (closed) listener();
      else closeListeners.add(listener);
      return () => {
        closeListeners.delete(listener);
      };
    },
    close,
  };
}
