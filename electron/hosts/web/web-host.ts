import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

import { isTestServer } from '../../../shared/contract/app/test-servers.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { App } from '../../engine/app/app.ts';
import type { Logger } from '../../engine/logging/logger.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Random } from '../../engine/ports/random.ts';
import { joinWindow } from '../join-window.ts';
import { bridgeAddress, entrancePath, pageAddress, placeOf, type Place } from './addresses.ts';
import { endWith, endWithFailure, endWithText } from './answers.ts';
import { Gate } from './gate.ts';
import { keepAlive } from './heartbeat.ts';
import { lockedPage, unbuiltPage } from './pages.ts';
import { sendPicture } from './send-picture.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { socketChannel } from './socket-channel.ts';
import { StaticFiles, type StaticFile } from './static-files.ts';

export interface WebHostOptions {
  readonly app: Pick<App, 'handlers' | 'subscribe' | 'picture' | 'receive'>;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Folder of the built window. */
  readonly windowFolder: string;
  /** The built script that makes `window.cloudroll`. */
  readonly bridgeFile: string;
  readonly random: Random;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Servers on this computer that stand in for providers; default none. */
  readonly testServers?: readonly string[];
}

/** The running host. */
export interface WebHost {
  readonly port: number;
  /** The first address: with the token. */
  readonly address: string;
  /** Lets every window go and gives the port free. */
  close(): Promise<void>;
}

/** The only interface that is listened on: nothing outside of this computer can reach it. */
const loopback = '127.0.0.1';
/** Largest message of a window: a hundred thousand paths. */
const mostMessageBytes = 16 * 1024 * 1024;
const mostWindows = 64;
const mostConnections = 512;
/** An upload that sends nothing for so long is given up, milliseconds. */
const silenceMs = 60_000;

/**
 * Serves the app to browsers on this computer.
 * @throws the system's error where the port is taken (`EADDRINUSE`) or not allowed (`EACCES`)
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 0,
    keepAliveTimeout: 30_000,
  });
  server.maxConnections = mostConnections;
  await listen(server, options.port);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port;
  const host = new RunningHost(server, port, options);
  return host;
}

class RunningHost implements WebHost {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #options: WebHostOptions;
  readonly #gate: Gate;
  readonly #files: StaticFiles;
  /** Names this start of the host in addresses of pictures. */
  readonly #era: string;

  constructor(server: Server, port: number, options: WebHostOptions) {
    this.port = port;
    this.#server = server;
    this.#options = options;
    this.#gate = new Gate(port, options.random);
    this.#files = new StaticFiles(options.windowFolder);
    this.#era = Buffer.from(options.random.bytes(9)).toString('base64url');
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: mostMessageBytes,
      perMessageDeflate: false,
    });
    server.on('request', (request, response) => {
      void this.#answer(request, response);
    });
    server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  get address(): string {
    return `http://${loopback}:${String(this.port)}${entrancePath(this.#gate.token)}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.#server.closeAllConnections();
    await closed;
  }

  /** Never rejects. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    try {
      await this.#route(request, response, gone.signal);
    } catch (error) {
      const failure = failureOf(error);
      if (!gone.signal.aborted) {
        this.#options.logger.warn('web host: request failed', { code: failure.code });
      }
      if (response.headersSent || gone.signal.aborted) response.destroy();
      else endWithFailure(response, failure);
    }
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const method = request.method ?? '';
    const changes = method !== 'GET' && method !== 'HEAD';
    const arrival = { headers: request.headers, changes };
    setSecurityHeaders(response, `${loopback}:${String(this.port)}`);
    const foreign = this.#gate.foreign(arrival);
    if (foreign !== null) {
      endWithText(response, foreign === 'host' ? 421 : 403, 'text/plain', 'Not from here.\n');
      return;
    }
    const url = URL.parse(request.url ?? '', `http://${loopback}`);
    if (url === null) {
      endWith(response, 400);
      return;
    }
    const place = placeOf(url.pathname, this.#era);
    if (place?.place === 'entrance') {
      if (changes) endWith(response, 405);
      else this.#admit(place.token, response);
    } else if (this.#gate.refusal(arrival) !== null) {
      endWithText(response, 401, 'text/html', lockedPage);
    } else if (place === null) {
      endWith(response, 404);
    } else if ((place.place === 'upload') !== (method === 'PUT') || (changes && method !== 'PUT')) {
      response.setHeader('Allow', place.place === 'upload' ? 'PUT' : 'GET, HEAD');
      endWith(response, 405);
    } else {
      await this.#serve(place, request, response, signal);
    }
  }

  /** Whoever shows the token gets the session, and the token out of the address bar. */
  #admit(token: string, response: ServerResponse): void {
    if (!this.#gate.isToken(token)) {
      endWithText(response, 401, 'text/html', lockedPage);
      return;
    }
    response.setHeader('Set-Cookie', this.#gate.sessionCookie());
    response.writeHead(303, { Location: '/', 'Content-Length': '0', 'Cache-Control': 'no-store' });
    response.end();
  }

  async #serve(
    place: Exclude<Place, { place: 'entrance' }>,
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    switch (place.place) {
      case 'file':
        return this.#sendFile(place.address, request, response);
      case 'bridge':
        return this.#sendBridge(response);
      case 'engine':
        // Only an upgrade is answered there.
        response.setHeader('Upgrade', 'websocket');
        endWith(response, 426);
        return;
      case 'picture': {
        const picture = await this.#options.app.picture(place.asset, place.size, signal);
        response.setHeader('Cache-Control', 'no-store');
        if (picture === null) endWith(response, 404);
        else await sendPicture(request, response, picture);
        return;
      }
      case 'upload': {
        request.setTimeout(silenceMs, () => {
          request.destroy();
        });
        await this.#options.app.receive(place.batch, place.item, request, signal);
        endWith(response, 204);
      }
    }
  }

  async #sendFile(
    address: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const file = await this.#files.find(address);
    if (file === 'unbuilt') {
      endWithText(response, 503, 'text/html', unbuiltPage);
    } else if (file === null) {
      endWith(response, 404);
    } else if (address === pageAddress) {
      endWithText(response, 200, 'text/html', this.#pageWithBridge(file));
    } else {
      sendStatic(request, response, file);
    }
  }

  /** The page is the same for all hosts; here it needs the script that Electron's preload is elsewhere. */
  #pageWithBridge({ bytes }: StaticFile): string {
    const testServers = (this.#options.testServers ?? []).filter(isTestServer).join(' ');
    const more = testServers === '' ? '' : ` data-test-servers="${testServers}"`;
    const script = `<script src="${bridgeAddress}" data-era="${this.#era}"${more}></script>`;
    return bytes.toString().replace('<head>', `<head>\n    ${script}`);
  }

  async #sendBridge(response: ServerResponse): Promise<void> {
    const script = await readFile(this.#options.bridgeFile, 'utf8').catch(() => null);
    if (script === null) {
      endWith(response, 404);
      return;
    }
    const bytes = Buffer.from(script);
    response.writeHead(200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Content-Length': bytes.length,
      'Cache-Control': 'no-store',
    });
    response.end(bytes);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refused = this.#gate.refusal({ headers: request.headers, changes: true });
    const url = URL.parse(request.url ?? '', `http://${loopback}`);
    const place = url === null ? null : placeOf(url.pathname, this.#era);
    socket.on('error', () => {
      socket.destroy();
    });
    if (refused !== null)
      refuseUpgrade(socket, refused === 'token' ? '401 Unauthorized' : '403 Forbidden');
    else if (place?.place !== 'engine') refuseUpgrade(socket, '404 Not Found');
    else if (this.#sockets.clients.size >= mostWindows)
      refuseUpgrade(socket, '503 Service Unavailable');
    else {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#join(webSocket);
      });
    }
  }

  #join(socket: WebSocket): void {
    socket.on('error', (error) => {
      this.#options.logger.warn('web host: window let go', { reason: error.message });
    });
    joinWindow(socketChannel(socket), this.#options.app);
    void keepAlive(socket, this.#options.clock);
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function sendStatic(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  const tag = `"${file.tag}"`;
  response.setHeader('ETag', tag);
  response.setHeader(
    'Cache-Control',
    file.lasting ? 'private, max-age=31536000, immutable' : 'no-cache',
  );
  if (request.headers['if-none-match'] === tag) {
    endWith(response, 304);
    return;
  }
  response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': file.bytes.length });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}
