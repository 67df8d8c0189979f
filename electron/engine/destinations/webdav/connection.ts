import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { HttpClient } from '../common/http-client.ts';
import type { HttpReply, HttpRequest } from '../common/http-client.ts';
import { connectionFailure } from '../common/http-failure.ts';
import { refusal } from './dav-failure.ts';
import type { WebdavSettings } from './settings.ts';

/** Requests at once that get a connection of their own. */
export const maxSockets = 16;

/** Names of folders and a file, from the top of the server. */
export type DavPath = readonly string[];

/** Percent-encoded, beginning with `/`; a folder ends in `/`. */
export function encodedPath(path: DavPath, folder = false): string {
  const joined = path.map((name) => `/${encodeURIComponent(name)}`).join('');
  return folder ? `${joined}/` : joined;
}

/** Signed-in requests to one server. Every failure comes out translated. */
export class DavConnection {
  readonly settings: WebdavSettings;
  readonly clock: Clock;
  readonly #secrets: Secrets;
  readonly #client: HttpClient;
  #authorization: Promise<string> | undefined;

  constructor(settings: WebdavSettings, secrets: Secrets, clock: Clock) {
    this.settings = settings;
    this.clock = clock;
    this.#secrets = secrets;
    this.#client = new HttpClient(settings.server, maxSockets);
  }

  /** Whatever the server answers; a failed connection rejects. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    throwIfCancelled(signal);
    try {
      this.#authorization ??= this.#signIn();
      const authorization = await this.#authorization;
      const headers = { authorization, 'user-agent': 'Cloudroll', ...request.headers };
      const sending = this.#client.send({ ...request, headers }, signal);
      return await orCancelled(sending, signal);
    } catch (error) {
      throw connectionFailure(error);
    }
  }

  /** As {@link send}; a status that is not among those expected rejects as what it means. */
  async expect(
    request: HttpRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const reply = await this.send(request, signal);
    if (statuses.includes(reply.status)) return reply;
    throw await this.refused(reply);
  }

  /** As {@link expect}, for a reply of which only its head counts. */
  async command(
    request: HttpRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const reply = await this.expect(request, statuses, signal);
    await this.drop(reply);
    return reply;
  }

  /** The failure of a reply, whose body is read and dropped. */
  async refused(reply: HttpReply): Promise<CloudrollError> {
    await this.drop(reply);
    return refusal(reply, this.clock.now());
  }

  /** The status has been said: whether the rest of the reply arrives changes nothing. */
  async drop(reply: HttpReply): Promise<void> {
    await reply.discard().catch(() => undefined);
  }

  /** An absolute address, as the header `Destination` needs it. */
  address(path: DavPath): string {
    return `${this.settings.origin}${encodedPath(path)}`;
  }

  close(): void {
    this.#client.close();
  }

  async #signIn(): Promise<string> {
    const { name } = this.settings;
    const username = await this.#secrets.find(name, 'CLOUDROLL_USERNAME');
    const password = await this.#secrets.find(name, 'CLOUDROLL_PASSWORD');
    if (username === undefined || password === undefined) {
      this.#authorization = undefined;
      const missing = username === undefined ? 'CLOUDROLL_USERNAME' : 'CLOUDROLL_PASSWORD';
      throw fail('auth', `There is no sign-in for the WebDAV server: ${missing} is not set.`, {
        hint: 'Set the environment variables CLOUDROLL_USERNAME and CLOUDROLL_PASSWORD.',
      });
    }
    // RFC 7617.
    return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  }
}
