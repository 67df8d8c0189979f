import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { HttpClient } from '../common/http-client.ts';
import type { HttpReply, HttpRequest } from '../common/http-client.ts';
import { connectionFailure } from '../common/http-failure.ts';
import { readAnswer } from '../common/signed-api.ts';
import { immichFailure } from './immich-failure.ts';
import type { ImmichSettings } from './settings.ts';

/** Name of the secret that holds the API key. */
export const keySecret = 'CLOUDROLL_IMMICH_API_KEY';

/** Requests at once that get a connection of their own. */
export const maxSockets = 8;

const longestRefusal = 64 * 1024;
const refusalSchema = z.object({ message: z.union([z.string(), z.array(z.string())]) });

/** A request to Immich's API; `path` without its `/api`. */
export type ImmichRequest = Omit<HttpRequest, 'silenceMs'>;

/** Requests to one Immich server, signed with an API key. Every failure comes out translated. */
export class ImmichConnection {
  readonly #settings: ImmichSettings;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #client: HttpClient;
  #key: Promise<string> | undefined;

  constructor(settings: ImmichSettings, secrets: Secrets, clock: Clock) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#client = new HttpClient(settings.server, maxSockets);
  }

  /** The reply with one of the expected statuses; its body has to be read or discarded. */
  async send(
    request: ImmichRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    throwIfCancelled(signal);
    let reply: HttpReply;
    try {
      this.#key ??= this.#findKey();
      const headers = {
        accept: 'application/json',
        'user-agent': 'Cloudroll',
        ...request.headers,
        'x-api-key': await this.#key,
      };
      const path = `/api${request.path}`;
      reply = await orCancelled(this.#client.send({ ...request, path, headers }, signal), signal);
    } catch (error) {
      throw connectionFailure(error);
    }
    if (statuses.includes(reply.status)) return reply;
    throw await this.#refused(reply);
  }

  /** The answer to a question without a body, held to its schema. */
  async get<T>(schema: z.ZodType<T>, path: string, signal: AbortSignal): Promise<T> {
    return readAnswer(schema, await this.send({ method: 'GET', path }, [200], signal));
  }

  /** The answer to a question in JSON, held to its schema. */
  async post<T>(
    schema: z.ZodType<T>,
    path: string,
    question: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<T> {
    const request = jsonRequest('POST', path, question);
    return readAnswer(schema, await this.send(request, [200, 201], signal));
  }

  /** A request in JSON of whose reply only the head counts. */
  async command(
    method: 'PUT' | 'DELETE',
    path: string,
    question: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    const reply = await this.send(jsonRequest(method, path, question), [200, 204], signal);
    // What the status said stays true, whether the rest of the reply arrives or not.
    await reply.discard().catch(() => undefined);
  }

  close(): void {
    this.#client.close();
  }

  async #refused(reply: HttpReply): Promise<CloudrollError> {
    const bytes = await reply.bytes(longestRefusal).catch(() => Buffer.alloc(0));
    const { status } = reply;
    const retryAfter = reply.header('retry-after');
    return immichFailure({ status, retryAfter, message: messageOf(bytes) }, this.#clock.now());
  }

  async #findKey(): Promise<string> {
    const key = await this.#secrets.find(this.#settings.name, keySecret);
    if (key !== undefined && /^[\x21-\x7e]+$/u.test(key)) return key;
    this.#key = undefined;
    const what = key === undefined ? 'is not set' : 'holds characters that no key has';
    throw fail('auth', `There is no API key for Immich: ${keySecret} ${what}.`, {
      hint: `Make a key in Immich (Account settings, API keys) and set ${keySecret}.`,
    });
  }
}

function jsonRequest(
  method: string,
  path: string,
  question: Readonly<Record<string, unknown>>,
): ImmichRequest {
  const headers = { 'content-type': 'application/json' };
  return { method, path, headers, body: Buffer.from(JSON.stringify(question)) };
}

function messageOf(bytes: Buffer): string {
  try {
    const parsed = refusalSchema.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? [parsed.data.message].flat().join(' ') : '';
  } catch {
    return '';
  }
}
