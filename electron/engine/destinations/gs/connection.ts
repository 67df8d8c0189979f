import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { HttpReply } from '../common/http-client.ts';
import { SignedApi } from '../common/signed-api.ts';
import type { AccessTokens } from '../sign-in.ts';
import { findAccess } from './credentials.ts';
import type { AccessContext } from './credentials.ts';
import { bucketMissing, explainRefusal } from './google-storage-failure.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import type { GoogleStorageSettings } from './settings.ts';

/** Requests at once that get a connection of their own. */
export const maxSockets = 32;

export interface GoogleStorageRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `object`: one object; `objects`: all of the bucket; `upload`: where new ones come; else a path of the server. */
  readonly target: 'objects' | 'upload' | { readonly object: string } | { readonly path: string };
  readonly query?: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

interface Connected {
  readonly api: SignedApi;
  readonly tokens: ServiceAccountTokens | null;
  /** What begun uploads are sealed with; empty where there is no key. */
  readonly secret: string;
}

/** Requests to one bucket, signed with tokens of the service account. Every failure comes out translated. */
export class GoogleStorageConnection {
  readonly settings: GoogleStorageSettings;
  readonly #context: AccessContext & { readonly clock: Clock };
  #connected: Promise<Connected> | undefined;

  constructor(settings: GoogleStorageSettings, context: AccessContext & { readonly clock: Clock }) {
    this.settings = settings;
    this.#context = context;
  }

  /** The reply with one of the expected statuses; its body has to be read or dropped. */
  async send(
    request: GoogleStorageRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    throwIfCancelled(signal);
    const { api } = await this.#connect();
    const { method, headers = {}, body } = request;
    const all = { ...headers, ...(body === undefined && method !== 'GET' ? noBody : {}) };
    const sent = { method, path: this.#pathOf(request), headers: all };
    try {
      return await api.send(body === undefined ? sent : { ...sent, body }, statuses, signal);
    } catch (error) {
      const ofBucket = request.target === 'objects' || request.target === 'upload';
      // Where a request names no object, only the bucket can be missing.
      if (ofBucket && failureOf(error).code === 'notFound') throw bucketMissing(this.settings);
      throw error;
    }
  }

  /** As {@link send}, for a reply of which only its head counts. */
  async command(
    request: GoogleStorageRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const reply = await this.send(request, statuses, signal);
    // What the status said stays true, whether the rest of the reply arrives or not.
    await reply.discard().catch(() => undefined);
    return reply;
  }

  /** A secret that only who holds the service account key knows. */
  async secret(): Promise<string> {
    return (await this.#connect()).secret;
  }

  async close(): Promise<void> {
    const connected = await this.#connected?.catch(() => undefined);
    this.#connected = undefined;
    connected?.tokens?.close();
    connected?.api.close();
  }

  #connect(): Promise<Connected> {
    this.#connected ??= this.#open().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  async #open(): Promise<Connected> {
    const { clock } = this.#context;
    const { origin, key, tokenEndpoint } = await findAccess(this.settings, this.#context);
    const tokens =
      key === null || tokenEndpoint === null
        ? null
        : new ServiceAccountTokens(key, tokenEndpoint, clock);
    const api = new SignedApi({
      origin,
      maxSockets,
      tokens: tokens ?? anonymous,
      explain: (refusal) => explainRefusal(refusal, this.settings, clock.now()),
    });
    return { api, tokens, secret: key?.secret ?? '' };
  }

  #pathOf({ target, query = {} }: GoogleStorageRequest): string {
    const path = this.#targetPath(target);
    const options = Object.entries(query).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    return options.length === 0 ? path : `${path}?${options.join('&')}`;
  }

  #targetPath(target: GoogleStorageRequest['target']): string {
    const objects = `/storage/v1/b/${encodeURIComponent(this.settings.bucket)}/o`;
    if (target === 'objects') return objects;
    if (target === 'upload') return `/upload${objects}`;
    if ('path' in target) return target.path;
    const name = encodeURIComponent(target.object);
    if (name === '') throw fail('bug', 'An object without a name was asked for.');
    return `${objects}/${name}`;
  }
}

/** Said explicitly, because Google refuses requests that might have a body without it. */
const noBody = { 'content-length': '0' };

/** For emulators, which look at no token. */
const anonymous: AccessTokens = {
  get: () => Promise.resolve('anonymous'),
  refused: () => undefined,
};
