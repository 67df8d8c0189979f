import { createServer, connect, type Socket } from 'node:net';

/** What happens to a connection; without any, it is passed through. */
export interface ConnectionFault {
  /** Bytes from the client after which the connection breaks. */
  readonly cutAfterSent?: number;
  /** Bytes from the server after which the connection breaks. */
  readonly cutAfterReceived?: number;
  /** The client is heard, and nothing comes back. */
  readonly silent?: boolean;
}

export interface TcpProxy {
  readonly port: number;
  /** Connections that broke as planned. */
  readonly broken: () => number;
  /** Breaks the connection on which the client sends so many bytes more, over all connections; once. */
  breakAfter(bytes: number): void;
  /** The fault of each next connection; undefined: none. */
  plan(next: (connection: number) => ConnectionFault | undefined): void;
  close(): Promise<void>;
}

/** Stands between a client and a server, and breaks connections where it is told to. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let planned: (connection: number) => ConnectionFault | undefined = () => undefined;
  let connections = 0;
  let broken = 0;
  let left: number | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    connections += 1;
    const fault = planned(connections);
    const target = connect(targetPort, '127.0.0.1');
    const cut = (): void => {
      if (client.destroyed) return;
      broken += 1;
      client.resetAndDestroy();
      target.destroy();
    };
    for (const socket of [client, target]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.prependListener('data', (chunk: Buffer) => {
      if (left === undefined) return;
      left -= chunk.length;
      if (left > 0) return;
      left = undefined;
      setImmediate(cut);
    });
    forward(client, target, fault?.cutAfterSent, cut);
    if (fault?.silent === true) target.resume();
    else forward(target, client, fault?.cutAfterReceived, cut);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    port: address.port,
    broken: () => broken,
    breakAfter: (bytes) => {
      left = bytes;
    },
    plan: (next) => {
      connections = 0;
      planned = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(from: Socket, to: Socket, limit: number | undefined, cut: () => void): void {
  let passed = 0;
  from.on('data', (chunk: Buffer) => {
    const room = limit === undefined ? chunk.length : Math.max(0, limit - passed);
    const part = chunk.subarray(0, room);
    passed += part.length;
    if (part.length > 0 && !to.write(part)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
    if (limit !== undefined && passed >= limit) setImmediate(cut);
  });
  from.on('end', () => to.end());
}
