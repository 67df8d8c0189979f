import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { HttpClient } from '../common/http-client.ts';
import type { HttpReply } from '../common/http-client.ts';
import { connectionFailure } from '../common/http-failure.ts';
import { refusal } from './azure-failure.ts';
import { findAccess } from './credentials.ts';
import type { AzureCredentials } from './credentials.ts';
import type { AzureSettings } from './settings.ts';
import { sharedKeyAuthorization } from './shared-key.ts';

/** Requests at once that get a connection of their own. */
export const maxSockets = 32;
const serviceVersion = '2023-11-03';

export interface AzureRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Name in the container, with the prefix; undefined: the container itself. */
  readonly blob?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

interface Connected {
  readonly client: HttpClient;
  /** Before the container. */
  readonly base: string;
  readonly credentials: AzureCredentials;
}

/** Allowed requests to one container. Every failure comes out translated. */
export class AzureConnection {
  readonly settings: AzureSettings;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  #connected: Promise<Connected> | undefined;

  constructor(settings: AzureSettings, secrets: Secrets, clock: Clock) {
    this.settings = settings;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** The reply with one of the expected statuses; its body has to be read or dropped. */
  async send(
    request: AzureRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    throwIfCancelled(signal);
    let reply: HttpReply;
    try {
      const connected = await (this.#connected ??= this.#connect());
      reply = await orCancelled(this.#sendOnce(connected, request, signal), signal);
    } catch (error) {
      throw connectionFailure(error);
    }
    if (statuses.includes(reply.status)) return reply;
    await drop(reply);
    throw this.failureOf(reply);
  }

  /** As {@link send}, for a reply of which only its head counts. */
  async command(
    request: AzureRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const reply = await this.send(request, statuses, signal);
    await drop(reply);
    return reply;
  }

  /** What a reply means that is no success. */
  failureOf(reply: HttpReply): CloudrollError {
    return refusal(reply, this.settings, this.#clock.now());
  }

  async close(): Promise<void> {
    const connected = await this.#connected?.catch(() => undefined);
    this.#connected = undefined;
    connected?.client.close();
  }

  async #connect(): Promise<Connected> {
    try {
      const { endpoint, credentials } = await findAccess(this.settings, this.#secrets);
      const { protocol, hostname, port, pathname } = new URL(endpoint);
      const server = {
        protocol: protocol === 'http:' ? ('http:' as const) : ('https:' as const),
        hostname: hostname.replace(/^\[|\]$/gu, ''),
        port: port === '' ? undefined : Number(port),
      };
      const base = pathname === '/' ? '' : pathname;
      return { client: new HttpClient(server, maxSockets), base, credentials };
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }

  #sendOnce(
    { client, base, credentials }: Connected,
    { method, blob, query = {}, headers = {}, body }: AzureRequest,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const { account, container } = this.settings;
    const name = blob === undefined ? '' : `/${encodedName(blob)}`;
    const path = `${base}/${encodeURIComponent(container)}${name}`;
    const all: Record<string, string> = {
      ...headers,
      'x-ms-date': new Date(this.#clock.now()).toUTCString(),
      'x-ms-version': serviceVersion,
      // Said explicitly, because a put without a body has to have a length too.
      ...(method === 'PUT' ? { 'content-length': String(body?.length ?? 0) } : {}),
    };
    const options = Object.entries(query).map(
      ([option, value]) => `${encodeURIComponent(option)}=${encodeURIComponent(value)}`,
    );
    if (credentials.kind === 'key') {
      const parts = { method, account, path, query, headers: all };
      all['authorization'] = sharedKeyAuthorization(parts, credentials.key);
    } else {
      options.push(credentials.query);
    }
    const target = options.length === 0 ? path : `${path}?${options.join('&')}`;
    const request = { method, path: target, headers: all };
    return client.send(body === undefined ? request : { ...request, body }, signal);
  }
}

/** What the status said stays true, whether the rest of the reply arrives or not. */
async function drop(reply: HttpReply): Promise<void> {
  await reply.discard().catch(() => undefined);
}

function encodedName(blob: string): string {
  return blob.split('/').map(encodeURIComponent).join('/');
}
