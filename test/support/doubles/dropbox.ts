import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { listenOnLoopback } from '../network/loopback.ts';
import { DropboxApi } from './dropbox/api.ts';
import { readRequest } from './dropbox/wire.ts';
import type { DropboxRequest, Reply } from './dropbox/wire.ts';

export type { DropboxRequest, Reply } from './dropbox/wire.ts';

/** What may happen to a request on its way, whatever Dropbox makes of it. */
export interface DropboxFaults {
  /** Holds a request that arrived until this resolves; null: lets it through. */
  holds?: ((request: DropboxRequest) => Promise<void> | null) | undefined;
  /** Answers in Dropbox's stead. */
  answer?: ((request: DropboxRequest) => Reply | undefined) | undefined;
  /** What arrives instead of the body. */
  body?: ((request: DropboxRequest) => Buffer | undefined) | undefined;
  /** Whether the reply is lost although the request had its effect. */
  losesReply?: ((request: DropboxRequest) => boolean) | undefined;
  /** What goes back instead of the reply. */
  reply?: ((request: DropboxRequest, reply: Reply) => Reply | undefined) | undefined;
}

export interface DropboxDouble {
  /** Of `api.dropboxapi.com`, `content.dropboxapi.com` and `www.dropbox.com`. */
  readonly ports: { readonly api: number; readonly content: number; readonly site: number };
  readonly account: DropboxApi;
  readonly faults: DropboxFaults;
  /** Requests that arrived whole. */
  readonly seen: DropboxRequest[];
  close(): Promise<void>;
}

export const dropboxApp = {
  clientId: 'cloudrolltestapp',
  redirects: [53711, 53712, 53713].map((port) => `http://localhost:${String(port)}/`),
  scopes: ['account_info.read', 'files.metadata.read', 'files.content.read', 'files.content.write'],
} as const;

/**
 * Dropbox as its documentation describes it, in memory: dropbox.com/developers/documentation/http/documentation,
 * dropbox.com/developers/reference/content-hash and …/json-encoding, developers.dropbox.com/oauth-guide and
 * …/error-handling-guide, and the specification that its own clients are made from
 * (github.com/dropbox/dropbox-api-spec). Refuses what that does not allow: unknown routes and fields, arguments
 * that are not safe in a header, wrong content types, wrong offsets, hashes that differ, more than 150 MiB at
 * once, more than the account holds, names that Dropbox does not take, tokens that expired or lack a scope.
 */
export async function startDropbox(): Promise<DropboxDouble> {
  const account = new DropboxApi(dropboxApp);
  const faults: DropboxFaults = {};
  const seen: DropboxRequest[] = [];
  const serve = (host: 'api' | 'content' | 'site') =>
    createServer((incoming, response) => {
      handle(incoming, response, (request) => account.handle(host, request)).catch(() =>
        response.destroy(),
      );
    });
  const handle = async (
    incoming: IncomingMessage,
    response: ServerResponse,
    answerOf: (request: DropboxRequest) => Reply,
  ): Promise<void> => {
    const arrived = await readRequest(incoming);
    if (arrived === undefined) return;
    seen.push(arrived);
    await faults.holds?.(arrived);
    const body = faults.body?.(arrived);
    const request = body === undefined ? arrived : { ...arrived, body };
    const honest = faults.answer?.(request) ?? answerOf(request);
    if (faults.losesReply?.(request) === true) {
      response.destroy();
      return;
    }
    const reply = faults.reply?.(request, honest) ?? honest;
    response.writeHead(reply.status, reply.headers);
    const announced = Number(reply.headers?.['content-length'] ?? Number.NaN);
    if (reply.body !== undefined && announced > reply.body.length) {
      response.write(reply.body, () => response.destroy());
      return;
    }
    response.end(reply.body);
  };
  const servers = { api: serve('api'), content: serve('content'), site: serve('site') };
  const api = await listenOnLoopback(servers.api);
  const content = await listenOnLoopback(servers.content);
  const site = await listenOnLoopback(servers.site);
  return {
    ports: { api: api.port, content: content.port, site: site.port },
    account,
    faults,
    seen,
    close: async () => {
      await Promise.all([api, content, site].map((server) => server.close()));
    },
  };
}
