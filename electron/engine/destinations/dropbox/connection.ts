import { z } from 'zod';

import type { Clock } from '../../ports/clock.ts';
import type { HttpReply } from '../common/http-client.ts';
import { readAnswer, SignedApi } from '../common/signed-api.ts';
import type { Endpoints } from '../endpoints.ts';
import type { AccessTokens } from '../sign-in.ts';
import { refusalFailure, refusalOf, statusRefusal } from './dropbox-failure.ts';
import type { DropboxRefusal } from './dropbox-failure.ts';

/** Requests at once that get a connection of their own. */
export const maxSockets = 8;

/** Where Dropbox answers; the content of files has a server of its own. */
export interface DropboxOrigins {
  readonly api: string;
  readonly content: string;
}

export function dropboxOrigins(endpoints: Endpoints | undefined): DropboxOrigins {
  return {
    api: endpoints?.('dropbox-api') ?? 'https://api.dropboxapi.com',
    content: endpoints?.('dropbox-content') ?? 'https://content.dropboxapi.com',
  };
}

/** What was asked for, or why not where that depends on what was asked. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: DropboxRefusal };

const errorSchema = z.object({ error: z.unknown() });
const noBody = new Uint8Array();

/** Requests to the Dropbox API, version 2 (dropbox.com/developers/documentation/http/documentation). */
export class DropboxConnection {
  readonly #api: SignedApi;
  readonly #content: SignedApi;

  constructor(origins: DropboxOrigins, tokens: AccessTokens, clock: Clock) {
    const options = {
      tokens,
      maxSockets,
      explain: (reply: Parameters<typeof statusRefusal>[0]) => statusRefusal(reply, clock.now()),
    };
    this.#api = new SignedApi({ ...options, origin: origins.api });
    this.#content = new SignedApi({ ...options, origin: origins.content });
  }

  /** A call with JSON both ways; `argument` undefined for those that take none. */
  async call<T>(
    schema: z.ZodType<T>,
    route: string,
    argument: object | undefined,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const request = {
      method: 'POST',
      path: `/2/${route}`,
      ...(argument === undefined
        ? { body: noBody }
        : {
            headers: { 'content-type': 'application/json' },
            body: Buffer.from(JSON.stringify(argument)),
          }),
    };
    return answerOf(schema, await this.#api.send(request, [200, 409], signal));
  }

  /** A call that brings bytes along. */
  async upload<T>(
    schema: z.ZodType<T>,
    route: string,
    argument: object,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const headers = {
      'content-type': 'application/octet-stream',
      'dropbox-api-arg': headerSafeJson(argument),
    };
    const request = { method: 'POST', path: `/2/${route}`, headers, body };
    return answerOf(schema, await this.#content.send(request, [200, 409], signal));
  }

  /** The reply that brings the bytes; one with a status other than these, or a refusal, is a failure. */
  async download(
    argument: object,
    headers: Readonly<Record<string, string>>,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const request = {
      method: 'POST',
      path: '/2/files/download',
      headers: { ...headers, 'dropbox-api-arg': headerSafeJson(argument) },
      body: noBody,
    };
    const reply = await this.#content.send(request, [...statuses, 409], signal);
    if (reply.status !== 409) return reply;
    throw refusalFailure(refusalOf((await readAnswer(errorSchema, reply)).error));
  }

  close(): void {
    this.#api.close();
    this.#content.close();
  }
}

/** The value of an answer; a refusal as its failure. */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw refusalFailure(answer.refusal);
}

async function answerOf<T>(schema: z.ZodType<T>, reply: HttpReply): Promise<Answer<T>> {
  if (reply.status === 200) return { ok: true, value: await readAnswer(schema, reply) };
  const { error } = await readAnswer(errorSchema, reply);
  return { ok: false, refusal: refusalOf(error) };
}

/** JSON that may stand in a header: dropbox.com/developers/reference/json-encoding. */
export function headerSafeJson(value: object): string {
  // Without the flag `u`, so that a character beyond 0xFFFF comes as its two halves.
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
