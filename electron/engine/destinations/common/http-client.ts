import {
  request as httpRequest,
  type Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https';

import { fail } from '../../../../shared/domain/failure.ts';
import { cancelled } from '../cancellation.ts';
import { keptConnections } from './kept-connections.ts';

/** Where a server listens. */
export interface HttpServer {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  /** Undefined for the usual one. */
  readonly port: number | undefined;
}

/** A body that comes piece by piece, of a length known before. */
export interface StreamedBody {
  readonly bytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface HttpRequest {
  readonly method: string;
  /** Percent-encoded, with its query. */
  readonly path: string;
  /** By lower-case name; the length of the body is added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody;
  /** Longest silence of the server, milliseconds; default 60,000. */
  readonly silenceMs?: number;
}

const connectMs = 10_000;
const silenceMs = 60_000;
/** A reply that brings less than this in a second, over the longest silence of waiting, is given up. */
const slowestBytesPerSecond = 64;

/**
 * Requests to one server over connections that are kept. Each is sent once, redirects are not followed, and
 * whatever the status, a reply is a reply; only a connection that fails rejects, with Node's own error (see
 * `http-failure.ts`). The one exception: a connection that had been closed by the server before a request
 * without a streamed body went out on it is replaced.
 */
export class HttpClient {
  readonly #server: HttpServer;
  readonly #agent: HttpAgent | HttpsAgent;

  /** @param maxSockets requests at once that get a connection of their own */
  constructor(server: HttpServer, maxSockets: number) {
    this.#server = server;
    const { http, https } = keptConnections(maxSockets);
    this.#agent = server.protocol === 'https:' ? https : http;
  }

  /** Resolves with the head of the reply; its body has to be read or discarded. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    try {
      return await this.#sendOnce(request, signal);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return await this.#sendOnce(request, signal);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #sendOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    if (signal.aborted) return Promise.reject(cancelled());
    const { protocol, hostname, port } = this.#server;
    const { method, path, body } = request;
    const length = body === undefined ? undefined : isStreamed(body) ? body.bytes : body.length;
    const outgoing = (protocol === 'https:' ? httpsRequest : httpRequest)({
      method,
      hostname,
      port,
      path,
      headers: {
        ...request.headers,
        ...(length === undefined ? {} : { 'content-length': String(length) }),
      },
      agent: this.#agent,
      signal,
      timeout: request.silenceMs ?? silenceMs,
    });
    return new Promise((resolve, reject) => {
      let answered = false;
      const stopWatching = watchTime(outgoing, request.silenceMs ?? silenceMs);
      outgoing.on('error', (error) => {
        stopWatching();
        const repeatable = body === undefined || !isStreamed(body);
        const stale = repeatable && outgoing.reusedSocket && !answered && isReset(error);
        reject(signal.aborted ? cancelled() : stale ? new StaleConnection(error) : error);
      });
      outgoing.on('response', (incoming) => {
        answered = true;
        stopWatching();
        // First, or its reader would learn of a broken connection instead of the silence.
        outgoing.prependListener('timeout', () => {
          incoming.destroy(timedOut());
        });
        resolve(new HttpReply(incoming, outgoing, request.silenceMs ?? silenceMs, signal));
      });
      if (body !== undefined && isStreamed(body)) {
        sendChunks(outgoing, body, () => answered).catch((error: unknown) => {
          reject(error instanceof Error ? error : fail('bug', String(error)));
          outgoing.destroy();
        });
      } else {
        outgoing.end(body);
      }
    });
  }
}

/** The head of a reply, and its body while it comes. */
export class HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ClientRequest;
  readonly #silenceMs: number;
  readonly #signal: AbortSignal;

  constructor(
    incoming: IncomingMessage,
    outgoing: ClientRequest,
    longestSilenceMs: number,
    signal: AbortSignal,
  ) {
    this.status = incoming.statusCode ?? 0;
    this.headers = incoming.headers;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#silenceMs = longestSilenceMs;
    this.#signal = signal;
  }

  /** A header that comes once; undefined otherwise. */
  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'string' ? value : undefined;
  }

  /**
   * The bytes; a body that ends before its announced length, or comes too slowly to ever end, rejects with
   * Node's error. Whoever stops reading early closes the connection.
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    let waited = 0;
    let received = 0;
    let since = performance.now();
    try {
      for await (const chunk of this.#incoming) {
        if (!(chunk instanceof Uint8Array)) throw fail('bug', 'A reply came as text.');
        waited += performance.now() - since;
        received += chunk.length;
        if (waited > this.#silenceMs) {
          if (received < (slowestBytesPerSecond * waited) / 1000) throw timedOut();
          waited = 0;
          received = 0;
        }
        yield chunk;
        since = performance.now();
      }
    } catch (error) {
      throw this.#signal.aborted ? cancelled() : error;
    } finally {
      this.#endRequest();
    }
  }

  /** The whole body; one of more than `limit` bytes is a `serverError`. */
  async bytes(limit: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.chunks()) {
      length += chunk.length;
      if (length > limit) throw fail('serverError', 'The server answered with far too much.');
      parts.push(chunk);
    }
    return Buffer.concat(parts);
  }

  /** Reads a body that nobody needs, to keep the connection; a long one closes it instead. */
  async discard(): Promise<void> {
    let length = 0;
    for await (const chunk of this.chunks()) {
      length += chunk.length;
      if (length > longestDiscarded) break;
    }
  }

  /** A server may answer before it has read the request; what is left of that would never be read. */
  #endRequest(): void {
    if (!this.#outgoing.writableFinished) this.#outgoing.destroy();
  }
}

const longestDiscarded = 256 * 1024;

/** The server had closed a connection that was kept, as the next request went out on it: nothing is wrong. */
class StaleConnection extends Error {
  constructor(cause: Error) {
    super('The server closed a connection that was kept open.', { cause });
    this.name = 'StaleConnection';
  }
}

function isStreamed(body: Uint8Array | StreamedBody): body is StreamedBody {
  return 'chunks' in body;
}

function isReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function sendChunks(
  outgoing: ClientRequest,
  body: StreamedBody,
  answered: () => boolean,
): Promise<void> {
  for await (const chunk of body.chunks) {
    if (outgoing.destroyed || answered()) return;
    // Sources may use their buffers again, and a socket holds on to what it has not sent.
    if (!outgoing.write(new Uint8Array(chunk))) await writable(outgoing);
  }
  outgoing.end();
}

/** Resolves when the request takes more, or never will. */
function writable(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error', 'response']) outgoing.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error', 'response']) outgoing.on(event, done);
  });
}

/** Ends a request that does not connect, falls silent, or whose reply does not begin after its end. */
function watchTime(outgoing: ClientRequest, limitMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    outgoing.destroy(timedOut());
  };
  outgoing.on('timeout', giveUp);
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) return;
    timer = setTimeout(giveUp, connectMs);
    socket.once('connect', () => {
      clearTimeout(timer);
    });
  });
  const awaitReply = (): void => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, limitMs);
  };
  outgoing.on('finish', awaitReply);
  return () => {
    clearTimeout(timer);
    // A reply may come before the end of the request, which then waits for nothing.
    outgoing.off('finish', awaitReply);
  };
}

function timedOut(): Error {
  return Object.assign(new Error('The server does not answer.'), { code: 'ETIMEDOUT' });
}
