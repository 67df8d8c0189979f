import type { z } from 'zod';

import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import type { AccessTokens } from '../sign-in.ts';
import { HttpClient } from './http-client.ts';
import type { HttpReply, HttpServer, StreamedBody } from './http-client.ts';
import { connectionFailure } from './http-failure.ts';

/** Longest answer in JSON that is read, bytes. */
const longestJson = 16 * 1024 * 1024;
/** Longest refusal that is read for its reason, bytes. */
const longestRefusal = 64 * 1024;

export interface ApiRequest {
  readonly method: string;
  /** Percent-encoded, with its query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody;
  /** False for addresses that carry their own permission; default true. */
  readonly signed?: boolean;
}

/** A reply that is no success, read to its end. */
export interface Refusal {
  readonly status: number;
  header(name: string): string | undefined;
  /** Parsed, where it was JSON; it comes from outside. */
  readonly body: unknown;
}

export interface ApiOptions {
  /** Such as `https://www.googleapis.com`. */
  readonly origin: string;
  /** Requests at once that get a connection of their own. */
  readonly maxSockets: number;
  readonly tokens: AccessTokens;
  /** What a refusal means. */
  readonly explain: (refusal: Refusal) => CloudrollError;
}

/**
 * Requests to one server, signed with the access token of an account. A token that the server does not take
 * (401) is replaced once, where the request can be sent again. Every failure comes out translated.
 */
export class SignedApi {
  readonly #options: ApiOptions;
  readonly #client: HttpClient;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#client = new HttpClient(serverOf(options.origin), options.maxSockets);
  }

  /** The reply with one of the expected statuses; its body has to be read or discarded. */
  async send(
    request: ApiRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    throwIfCancelled(signal);
    const reply = await this.#sendSigned(request, signal);
    if (statuses.includes(reply.status)) return reply;
    throw this.#options.explain(await readRefusal(reply));
  }

  /** As {@link send}, for a reply of which only its head counts. */
  async command(
    request: ApiRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const reply = await this.send(request, statuses, signal);
    // What the status said stays true, whether the rest of the reply arrives or not.
    await reply.discard().catch(() => undefined);
    return reply;
  }

  /** The answer, held to its schema; one that is something else is a `serverError`. */
  async json<T>(
    schema: z.ZodType<T>,
    request: ApiRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<T> {
    return readAnswer(schema, await this.send(request, statuses, signal));
  }

  close(): void {
    this.#client.close();
  }

  async #sendSigned(request: ApiRequest, signal: AbortSignal): Promise<HttpReply> {
    const { signed = true, headers, ...rest } = request;
    if (!signed) return this.#sendOnce({ ...rest, headers: { ...headers } }, signal);
    const { tokens } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const token = await tokens.get(signal);
      const all = { ...headers, authorization: `Bearer ${token}` };
      const reply = await this.#sendOnce({ ...rest, headers: all }, signal);
      if (reply.status !== 401) return reply;
      tokens.refused(token);
      if (attempt > 1 || isStream(rest.body)) return reply;
      await reply.discard().catch(() => undefined);
    }
  }

  async #sendOnce(request: Omit<ApiRequest, 'signed'>, signal: AbortSignal): Promise<HttpReply> {
    try {
      return await orCancelled(this.#client.send(request, signal), signal);
    } catch (error) {
      throw connectionFailure(error);
    }
  }
}

/** The JSON of a reply, held to its schema; what is something else is a `serverError`. */
export async function readAnswer<T>(schema: z.ZodType<T>, reply: HttpReply): Promise<T> {
  let text: string;
  try {
    text = (await reply.bytes(longestJson)).toString('utf8');
  } catch (error) {
    throw connectionFailure(error);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw fail('serverError', 'The server answered with something that cannot be understood.', {
    cause: parsed.error,
  });
}

/** The address of a server as its parts; what is none is a `bug`. */
export function serverOf(origin: string): HttpServer {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') throw fail('bug', 'Not an address of HTTP.');
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/gu, ''),
    port: port === '' ? undefined : Number(port),
  };
}

async function readRefusal(reply: HttpReply): Promise<Refusal> {
  const bytes = await reply.bytes(longestRefusal).catch(() => Buffer.alloc(0));
  return {
    status: reply.status,
    header: (name) => reply.header(name),
    body: parseJson(bytes.toString('utf8')),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStream(body: Uint8Array | StreamedBody | undefined): body is StreamedBody {
  return body !== undefined && 'chunks' in body;
}
