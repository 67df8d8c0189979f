import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { listenOnLoopback } from '../network/loopback.ts';
import { originOf } from '../network/origin.ts';
import { Graph } from './onedrive/graph.ts';
import type { GraphRequest } from './onedrive/wire.ts';

export { oneDriveAccount } from './onedrive/accounts.ts';

/** Names under which the double may be asked; that of the content is one of several that the service uses. */
export const oneDriveHosts = {
  graph: 'graph.microsoft.com',
  signIn: 'login.microsoftonline.com',
  content: 'my.microsoftpersonalcontent.com',
} as const;

export interface OneDriveDouble {
  readonly port: number;
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly graph: Graph;
  /** Requests that arrived whole. */
  readonly seen: GraphRequest[];
  readonly close: () => Promise<void>;
}

/**
 * OneDrive as Microsoft Graph v1.0 documents it, in memory, for one account and its client:
 * learn.microsoft.com/graph/api/driveitem-createuploadsession, …/driveitem-put-content, …/driveitem-get-content,
 * …/driveitem-list-children, …/driveitem-post-children, …/driveitem-delete, …/drive-get, …/resources/driveitem,
 * …/resources/hashes, learn.microsoft.com/graph/onedrive-addressing-driveitems, …/graph/errors and
 * …/graph/throttling. Refuses what these do not allow: paths that are not encoded, folders that are not there,
 * names that OneDrive does not take, fragments that are too long, out of order or no multiple of 320 KiB, another
 * total than before, the account's token at an address that carries its own permission, more than the drive
 * holds, tokens that ended.
 */
export async function startOneDrive(): Promise<OneDriveDouble> {
  const graph = new Graph();
  const seen: GraphRequest[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(incoming);
    if (request === undefined) return;
    seen.push(request);
    const { status, headers, body } = graph.handle(request);
    const length = { 'content-length': String(body?.length ?? 0) };
    response.writeHead(status, status === 204 ? headers : { ...headers, ...length });
    response.end(body);
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    origin: `http://127.0.0.1:${String(port)}`,
    graph,
    seen,
    close,
  };
}

/** Undefined where the connection broke before all of it arrived: nothing of it counts then. */
async function read(incoming: IncomingMessage): Promise<GraphRequest | undefined> {
  let body: Buffer;
  try {
    body = await buffer(incoming);
  } catch {
    return undefined;
  }
  const { method = '', url = '/', headers } = incoming;
  const origin = originOf(headers.host);
  const question = url.indexOf('?');
  return {
    method,
    path: question < 0 ? url : url.slice(0, question),
    query: new URLSearchParams(question < 0 ? '' : url.slice(question + 1)),
    headers,
    body,
    origin,
    contentOrigin: origin.startsWith('https:') ? `https://${oneDriveHosts.content}` : origin,
  };
}
