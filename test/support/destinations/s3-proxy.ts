import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { listenOnLoopback, singleHeaders } from '../network/loopback.ts';
import type { S3Access } from './open-s3.ts';
import { signed } from './sign-request.ts';

/** A request as the proxy sees it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What to do instead of passing a request on as it is. */
export interface ProxyBehaviour {
  /** Headers that the server behind must not see, as if it did not know them. */
  readonly ignoredHeaders?: readonly RegExp[];
  /** Answers in the server's stead. */
  readonly answer?: (
    request: SeenRequest,
  ) => { status: number; code: string; headers?: Record<string, string> } | undefined;
  /** Whether the reply is lost although the request had its effect. */
  readonly losesReply?: (request: SeenRequest) => boolean;
  /** Hides what an ETag tells. */
  readonly randomEtags?: boolean;
}

export interface S3Proxy {
  readonly access: S3Access;
  readonly seen: SeenRequest[];
  readonly close: () => Promise<void>;
}

/**
 * Stands before a real S3 server and takes features away, so that it behaves like an older or poorer one.
 * Signs what it passes on anew, because it changes what was signed.
 */
export async function startS3Proxy(target: S3Access, behaviour: ProxyBehaviour): Promise<S3Proxy> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    handle(incoming, response, target, behaviour, seen).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    access: { ...target, endpoint: `http://127.0.0.1:${String(port)}` },
    seen,
    close,
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: S3Access,
  behaviour: ProxyBehaviour,
  seen: SeenRequest[],
): Promise<void> {
  const request: SeenRequest = {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', target.endpoint),
    headers: singleHeaders(incoming),
    body: await buffer(incoming),
  };
  seen.push(request);
  const answer = behaviour.answer?.(request);
  if (answer !== undefined) {
    response.writeHead(answer.status, { 'content-type': 'application/xml', ...answer.headers });
    response.end(`<Error><Code>${answer.code}</Code><Message>no</Message></Error>`);
    return;
  }
  const reply = await forward(request, incoming.url ?? '/', target, behaviour);
  const body = await buffer(reply);
  if (behaviour.losesReply?.(request) === true) {
    response.destroy();
    return;
  }
  const headers = singleHeaders(reply);
  delete headers['transfer-encoding'];
  // Those of parts stay, because the client has to give them back.
  const ofPart = request.url.searchParams.has('uploadId');
  if (behaviour.randomEtags === true && !ofPart && 'etag' in headers) {
    headers['etag'] = `"${crypto.randomUUID()}"`;
  }
  response.writeHead(reply.statusCode ?? 500, headers);
  response.end(body);
}

function forward(
  request: SeenRequest,
  requestTarget: string,
  target: S3Access,
  { ignoredHeaders = [] }: ProxyBehaviour,
): Promise<IncomingMessage> {
  const entries = Object.entries(request.headers).filter(
    ([name]) => !ignoredHeaders.some((pattern) => pattern.test(name)) && name !== 'authorization',
  );
  const { host } = request.url;
  const unsigned = { ...Object.fromEntries(entries), host };
  const { method } = request;
  const headers = signed({ method, target: requestTarget, headers: unsigned }, target, new Date());
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: request.url.hostname, port: request.url.port, method, path: requestTarget, headers },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}
