import type { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpReply } from '../common/http-client.ts';
import { SignedApi } from '../common/signed-api.ts';
import type { ApiRequest } from '../common/signed-api.ts';
import type { AccessTokens } from '../sign-in.ts';
import { explainAddressRefusal, explainRefusal } from './graph-failure.ts';

/** Requests at once that get a connection of their own. */
export const maxSockets = 8;
/** Servers besides Graph itself that are kept connected: OneDrive uses a few for uploads and downloads. */
const mostServers = 16;
const longestAddress = 8192;

/** An address that was given by the server and carries its own permission. */
export interface GivenAddress {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
}

export interface GraphOptions {
  /** Such as `https://graph.microsoft.com`. */
  readonly origin: string;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
}

/**
 * Requests to Microsoft Graph, and to the addresses that it gives for uploads and downloads. The token goes to Graph
 * alone. Every failure comes out translated.
 */
export class GraphApi {
  readonly clock: Clock;
  readonly #options: GraphOptions;
  readonly #graph: SignedApi;
  readonly #others = new Map<string, SignedApi>();

  constructor(options: GraphOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.#graph = this.#connect(options.origin, true);
  }

  /** @param request its path without the version, such as `/me/drive` */
  json<T>(
    schema: z.ZodType<T>,
    request: ApiRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<T> {
    return this.#graph.json(schema, versioned(request), statuses, signal);
  }

  /** The reply with one of the expected statuses; its body has to be read or discarded. */
  send(request: ApiRequest, statuses: readonly number[], signal: AbortSignal): Promise<HttpReply> {
    return this.#graph.send(versioned(request), statuses, signal);
  }

  /** As {@link send}, for a reply of which only its head counts. */
  command(
    request: ApiRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    return this.#graph.command(versioned(request), statuses, signal);
  }

  /** A request to a given address, without the token. */
  sendTo(
    { origin, path }: GivenAddress,
    request: Omit<ApiRequest, 'path' | 'signed'>,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    return this.#serverAt(origin).send({ ...request, path, signed: false }, statuses, signal);
  }

  /**
   * An address that the server gave, or an earlier run kept. It is hostile: only https to a named server, or the
   * test server that stands for Graph, is taken; all else is a `serverError`.
   */
  givenAddress(text: string): GivenAddress {
    const url = text.length <= longestAddress && URL.canParse(text) ? new URL(text) : null;
    const { origin } = this.#options;
    const proper =
      url !== null &&
      url.username === '' &&
      url.password === '' &&
      (url.origin === origin || (url.protocol === 'https:' && namedServer.test(url.hostname)));
    if (!proper) {
      throw fail('serverError', 'OneDrive gave an address that Cloudroll does not go to.');
    }
    return { origin: url.origin, path: `${url.pathname}${url.search}` };
  }

  /** The path, without the version, of an address that has to be Graph's own; all else is a `serverError`. */
  ownPath(text: string): string {
    const url = text.length <= longestAddress && URL.canParse(text) ? new URL(text) : null;
    if (url?.origin !== this.#options.origin || !url.pathname.startsWith(`${version}/`)) {
      throw fail('serverError', 'OneDrive goes on with its list at a strange address.');
    }
    return `${url.pathname.slice(version.length)}${url.search}`;
  }

  close(): void {
    for (const api of [this.#graph, ...this.#others.values()]) api.close();
    this.#others.clear();
  }

  #serverAt(origin: string): SignedApi {
    const known = this.#others.get(origin);
    if (known !== undefined) return known;
    const [oldest] = this.#others;
    if (oldest !== undefined && this.#others.size >= mostServers) {
      oldest[1].close();
      this.#others.delete(oldest[0]);
    }
    const api = this.#connect(origin, false);
    this.#others.set(origin, api);
    return api;
  }

  #connect(origin: string, graph: boolean): SignedApi {
    const { tokens, clock } = this.#options;
    const explain = graph ? explainRefusal : explainAddressRefusal;
    return new SignedApi({
      origin,
      maxSockets,
      tokens,
      explain: (refusal) => explain(refusal, clock.now()),
    });
  }
}

const version = '/v1.0';
/** With a dot and letters at its end: no number of an address, and no name of this computer or its network. */
const namedServer = /^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*[a-z0-9]$/u;

function versioned(request: ApiRequest): ApiRequest {
  return { ...request, path: `${version}${request.path}` };
}
