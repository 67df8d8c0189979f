import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import type { Random } from '../../engine/ports/random.ts';

/** Why a request is not let in. */
export type Refusal =
  /** It names another host: a name that was made to lead here (DNS rebinding). */
  | 'host'
  /** It comes from a page of another origin. */
  | 'origin'
  /** It has not shown the token. */
  | 'token';

/** What a request shows of where it comes from; `changes`: it is no mere question. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly changes: boolean;
}

const bytesOfSecret = 32;
const originsOfOwnPages: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Decides who gets in. The port is open to every program and every web page on this computer, so that each
 * request has to name this host, come from this host's own page and carry the session that only the address
 * with the token gives.
 */
export class Gate {
  /** Part of the first address; whoever knows it gets the session. */
  readonly token: string;
  readonly #session: string;
  readonly #cookie: string;
  readonly #hosts: ReadonlySet<string>;

  constructor(port: number, random: Random) {
    this.token = secret(random);
    this.#session = secret(random);
    // Browsers keep the cookies of all ports of a host together.
    this.#cookie = `cloudroll-${String(port)}`;
    this.#hosts = new Set([`127.0.0.1:${String(port)}`, `localhost:${String(port)}`]);
  }

  /** Null where the request may go on. Without the session only `token` is refused, never what is worse. */
  refusal(arrival: Arrival): Refusal | null {
    const foreign = this.foreign(arrival);
    if (foreign !== null) return foreign;
    return this.#hasSession(arrival.headers.cookie) ? null : 'token';
  }

  /** As {@link refusal}, for a request that may come without the session: the one that brings the token. */
  foreign({ headers, changes }: Arrival): Refusal | null {
    const { host, origin } = headers;
    if (host === undefined || !this.#hosts.has(host)) return 'host';
    const site = headers['sec-fetch-site'];
    if (typeof site === 'string' && !originsOfOwnPages.has(site)) return 'origin';
    if (origin === undefined) return changes ? 'origin' : null;
    return origin === `http://${host}` ? null : 'origin';
  }

  isToken(text: string): boolean {
    return sameSecret(text, this.token);
  }

  /** The value of `Set-Cookie` that starts a session; it ends with the browser or with this process. */
  sessionCookie(): string {
    return `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  #hasSession(cookies: string | undefined): boolean {
    return (cookies ?? '').split(';').some((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.#cookie && value !== undefined && sameSecret(value, this.#session);
    });
  }
}

function secret(random: Random): string {
  return Buffer.from(random.bytes(bytesOfSecret)).toString('base64url');
}

/** Takes the same time whatever the difference. */
function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
