import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { fail } from '../../../shared/domain/failure.ts';
import type { SignInProvider } from '../destinations/sign-in.ts';
import {
  acceptedLanguage,
  answerPage,
  pageHeaders,
  type PageKind,
  type PageLanguage,
} from './answer-page.ts';

/** Attempts to find a port that is free on IPv4 and IPv6 alike. */
const mostAttempts = 20;
const mostConnections = 32;

export interface ListenerOptions {
  readonly loopback: SignInProvider['loopback'];
  /** What the provider has to bring back. */
  readonly state: string;
  /** Null: as the browser asks for it. */
  readonly language: PageLanguage | null;
}

/** What the browser brought back from the provider. */
export interface Answer {
  readonly parameters: URLSearchParams;
  /** Shows the person a page; to be called once. */
  readonly show: (kind: Exclude<PageKind, 'foreign'>) => Promise<void>;
}

/**
 * Where the browser comes back to (RFC 8252 section 7.3): a server on this computer alone, which takes one
 * answer with the right `state` and listens no more. Whatever else comes is told that it is wrong here, and
 * changes nothing.
 */
export class LoopbackListener {
  /** As the provider is told. */
  readonly redirectUri: string;
  /** The one answer; never settles where the listener is closed before. */
  readonly answered: Promise<Answer>;
  readonly #options: ListenerOptions;
  readonly #servers: readonly Server[];
  readonly #port: number;
  #take: ((answer: Answer) => void) | null = null;

  private constructor(options: ListenerOptions, servers: readonly Server[], port: number) {
    const { host, path } = options.loopback;
    this.#options = options;
    this.#servers = servers;
    this.#port = port;
    this.redirectUri = `http://${host}:${String(port)}${path}`;
    this.answered = new Promise((resolve) => {
      this.#take = resolve;
    });
    for (const server of servers) {
      server.on('request', (request, response) => {
        this.#answer(request, response);
      });
    }
  }

  /** @throws `busy` where every port that the provider knows is taken */
  static async open(options: ListenerOptions): Promise<LoopbackListener> {
    const { host, ports } = options.loopback;
    const wanted = ports.length === 0 ? Array.from({ length: mostAttempts }, () => 0) : ports;
    for (const port of wanted) {
      const servers = await listenOn(port, host === 'localhost');
      const [first] = servers;
      if (first !== undefined) return new LoopbackListener(options, servers, portOf(first));
    }
    throw fail('busy', 'Another program uses the ports that the sign-in comes back to.', {
      hint:
        ports.length === 0
          ? 'Restart the computer, then sign in again.'
          : `End another sign-in that waits, or the program that listens on 127.0.0.1:${ports.join(' or ')}, then sign in again.`,
    });
  }

  /** Gives the port free and lets every connection go. */
  async close(): Promise<void> {
    this.#take = null;
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
        });
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const language = this.#options.language ?? acceptedLanguage(request.headers['accept-language']);
    const refuse = (status: number): void => {
      void show(response, status, 'foreign', language);
    };
    const url = URL.parse(request.url ?? '', this.redirectUri);
    // A name that was made to lead here (DNS rebinding) is no way in.
    if (!this.#isOwnHost(request.headers.host)) refuse(421);
    else if (request.method !== 'GET') refuse(405);
    else if (url?.pathname !== this.#options.loopback.path) refuse(404);
    else if (!this.#isExpected(url.searchParams) || this.#take === null) refuse(400);
    else {
      const take = this.#take;
      this.#take = null;
      for (const server of this.#servers) server.close();
      take({
        parameters: url.searchParams,
        show: (kind) => show(response, kind === 'done' ? 200 : 400, kind, language),
      });
    }
  }

  #isOwnHost(host: string | undefined): boolean {
    return ['127.0.0.1', 'localhost', '[::1]'].some(
      (name) => host === `${name}:${String(this.#port)}`,
    );
  }

  #isExpected(parameters: URLSearchParams): boolean {
    const [state, ...more] = parameters.getAll('state');
    return state !== undefined && more.length === 0 && sameSecret(state, this.#options.state);
  }
}

async function show(
  response: ServerResponse,
  status: number,
  kind: PageKind,
  language: PageLanguage,
): Promise<void> {
  response.writeHead(status, { ...pageHeaders, connection: 'close' });
  await new Promise<void>((resolve) => {
    // A browser that went away before needs no page.
    response.once('close', resolve);
    response.end(answerPage(kind, language));
  });
}

/**
 * Servers on 127.0.0.1 and, where the browser is sent to `localhost`, on ::1 as well: browsers may try that
 * first, and nobody else may listen there. None where the port cannot be had.
 */
async function listenOn(port: number, both: boolean): Promise<Server[]> {
  const first = newServer();
  if ((await listen(first, '127.0.0.1', port)) !== 'listening') return [];
  if (!both) return [first];
  const second = newServer();
  const outcome = await listen(second, '::1', portOf(first));
  if (outcome === 'listening') return [first, second];
  if (outcome === 'noAddress') return [first];
  first.close();
  return [];
}

function newServer(): Server {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 });
  server.maxConnections = mostConnections;
  return server;
}

/** `noAddress`: this computer has no such address, e.g. no IPv6. */
function listen(
  server: Server,
  host: string,
  port: number,
): Promise<'listening' | 'taken' | 'noAddress'> {
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      resolve(code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' ? 'noAddress' : 'taken');
    });
    server.listen({ host, port, exclusive: true }, () => {
      resolve('listening');
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Takes the same time whatever the difference. */
function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
