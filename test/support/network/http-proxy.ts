import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { listenOnLoopback, singleHeaders } from './loopback.ts';

/** A request as the proxy sees it. */
export interface SeenHttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What to do instead of passing a request on as it is. */
export interface HttpProxyBehaviour {
  /** Answers in the server's stead. */
  readonly answer?: (
    request: SeenHttpRequest,
  ) =>
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
    | undefined;
  /** What the server gets instead of the body. */
  readonly body?: (request: SeenHttpRequest) => Buffer | undefined;
  /** What the client gets instead of the reply's body. */
  readonly replyBody?: (request: SeenHttpRequest, body: Buffer) => Buffer | undefined;
  /** Lets a request wait until that resolves. */
  readonly waits?: (request: SeenHttpRequest) => Promise<unknown> | undefined;
  /** Whether the connection breaks in the middle of the request: the server hears half of its body. */
  readonly cuts?: (request: SeenHttpRequest) => boolean;
  /** Whether the connection breaks in the middle of the reply. */
  readonly cutsReply?: (request: SeenHttpRequest) => boolean;
  /** Whether the connection breaks before the server hears of the request. */
  readonly breaks?: (request: SeenHttpRequest) => boolean;
  /** Whether the reply is lost although the request had its effect. */
  readonly losesReply?: (request: SeenHttpRequest) => boolean;
}

export interface HttpProxy {
  readonly port: number;
  readonly seen: SeenHttpRequest[];
  behave(behaviour: HttpProxyBehaviour): void;
  close(): Promise<void>;
}

/** Stands before a real server on this machine and makes it behave badly. */
export async function startHttpProxy(targetPort: number): Promise<HttpProxy> {
  let behaviour: HttpProxyBehaviour = {};
  const seen: SeenHttpRequest[] = [];
  const server = createServer((incoming, response) => {
    handle(incoming, response, targetPort, behaviour, seen).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    seen,
    behave: (next) => {
      behaviour = next;
    },
    close,
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  targetPort: number,
  behaviour: HttpProxyBehaviour,
  seen: SeenHttpRequest[],
): Promise<void> {
  const request: SeenHttpRequest = {
    method: incoming.method ?? '',
    path: incoming.url ?? '/',
    headers: singleHeaders(incoming),
    body: await buffer(incoming),
  };
  seen.push(request);
  await behaviour.waits?.(request);
  if (behaviour.breaks?.(request) === true) {
    response.destroy();
    return;
  }
  if (behaviour.cuts?.(request) === true) {
    await forwardHalf(request, targetPort);
    response.destroy();
    return;
  }
  const answer = behaviour.answer?.(request);
  if (answer !== undefined) {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
    return;
  }
  const reply = await forward(request, behaviour.body?.(request) ?? request.body, targetPort);
  const body = await buffer(reply);
  if (behaviour.losesReply?.(request) === true) {
    response.destroy();
    return;
  }
  const headers = singleHeaders(reply);
  delete headers['transfer-encoding'];
  response.writeHead(reply.statusCode ?? 500, headers);
  if (behaviour.cutsReply?.(request) === true) {
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    return;
  }
  response.end(behaviour.replyBody?.(request, body) ?? body);
}

function forward(request: SeenHttpRequest, body: Buffer, port: number): Promise<IncomingMessage> {
  const { method, path } = request;
  const headers = { ...request.headers };
  if ('content-length' in headers) headers['content-length'] = String(body.length);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function forwardHalf(
  { method, path, headers, body }: SeenHttpRequest,
  port: number,
): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers });
    outgoing.on('error', () => {
      resolve();
    });
    outgoing.on('response', (reply) => reply.resume());
    outgoing.write(body.subarray(0, body.length >> 1), () => {
      outgoing.destroy();
      resolve();
    });
  });
}
