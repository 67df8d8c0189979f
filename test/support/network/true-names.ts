import { createServer, type IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';

import { makeCertificate } from './certificate.ts';
import { listenOnLoopback } from './loopback.ts';

/** Doubles on this machine that are asked by the names, and over TLS, as the services they stand for are. */
export interface TrueNames {
  /** With it a program's requests to these names come here: ours, and those of rclone and other programs in Go. */
  readonly environment: Readonly<Record<string, string>>;
  /** Tunnels that were opened, by name. */
  readonly opened: ReadonlyMap<string, number>;
  /** Names that were asked for and that nobody stands for here. */
  readonly refused: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

/**
 * A proxy on loopback (RFC 9110 section 9.3.6, CONNECT) that ends TLS and passes the bytes to doubles which speak
 * plain HTTP. Nothing leaves this machine: a name that is not among these is refused.
 *
 * @param ports of the doubles, by the names of the services
 */
export async function startTrueNames(ports: Readonly<Record<string, number>>): Promise<TrueNames> {
  const certificate = await makeCertificate(Object.keys(ports));
  const secureContext = createSecureContext({
    cert: certificate.certificate,
    key: certificate.privateKey,
  });
  const sockets = new Set<Duplex>();
  const opened = new Map<string, number>();
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    refused.add(request.url ?? '');
    response.writeHead(501).end();
  });
  server.on('connect', ({ url = '' }: IncomingMessage, client: Duplex) => {
    client.on('error', () => client.destroy());
    // A server of HTTP without TLS gives out the sockets of TCP themselves.
    if (!(client instanceof Socket)) throw new Error('no socket');
    const [, name = ''] = /^([a-z0-9.-]+):443$/u.exec(url) ?? [];
    const port = ports[name];
    if (port === undefined) {
      refused.add(url);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    opened.set(name, (opened.get(name) ?? 0) + 1);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const secure = new TLSSocket(client, { isServer: true, secureContext });
    const double = connect(port, '127.0.0.1').setNoDelay(true);
    for (const socket of [client, secure, double]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of [client, secure, double]) other.destroy();
      });
    }
    secure.pipe(double).pipe(secure);
  });
  const { port, close } = await listenOnLoopback(server);
  const proxy = `http://127.0.0.1:${String(port)}`;
  return {
    environment: {
      ...{ HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: '', http_proxy: '' },
      ...{ NO_PROXY: '', no_proxy: '' },
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: certificate.authorityFile,
      RCLONE_CA_CERT: certificate.authorityFile,
    },
    opened,
    refused,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await close();
      await certificate.remove();
    },
  };
}
