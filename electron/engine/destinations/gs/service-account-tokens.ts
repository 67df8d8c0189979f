import { sign } from 'node:crypto';

import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { statusFailure } from '../common/http-failure.ts';
import { SignedApi } from '../common/signed-api.ts';
import type { Refusal } from '../common/signed-api.ts';
import type { AccessTokens } from '../sign-in.ts';
import type { ServiceAccountKey } from './service-account-key.ts';

/** Reading, creating and removing objects; not the settings of buckets. */
const scope = 'https://www.googleapis.com/auth/devstorage.read_write';
/** The longest that Google allows an assertion, seconds. */
const assertionSeconds = 3600;
/** A token has to be good for this much longer, milliseconds. */
const reserveMs = 60_000;
/** Google takes no assertion from further in the past or future, milliseconds. */
const clockToleranceMs = 5 * 60_000;

const tokenSchema = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.number().positive().max(86_400).default(3599),
});

interface Token {
  readonly value: string;
  /** By the clock that only grows. */
  readonly goodUntil: number;
}

/**
 * Access tokens for a service account, by an assertion that its key signs
 * (RFC 7523; developers.google.com/identity/protocols/oauth2/service-account#httprest).
 */
export class ServiceAccountTokens implements AccessTokens {
  readonly #key: ServiceAccountKey;
  readonly #endpoint: URL;
  readonly #clock: Clock;
  readonly #api: SignedApi;
  readonly #closing = new AbortController();
  #token: Token | undefined;
  #asking: Promise<Token> | undefined;

  /** @param endpoint whole address that tokens are asked from; the assertion is for it alone */
  constructor(key: ServiceAccountKey, endpoint: string, clock: Clock) {
    this.#key = key;
    this.#endpoint = new URL(endpoint);
    this.#clock = clock;
    this.#api = new SignedApi({
      origin: this.#endpoint.origin,
      maxSockets: 1,
      tokens: unsigned,
      explain: (refusal) => this.#explain(refusal),
    });
  }

  async get(signal: AbortSignal): Promise<string> {
    throwIfCancelled(signal);
    const kept = this.#token;
    if (kept !== undefined && kept.goodUntil > this.#clock.monotonic()) return kept.value;
    // Whoever asked first may be cancelled while others wait for the same answer.
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return (await orCancelled(this.#asking, signal)).value;
  }

  refused(token: string): void {
    if (this.#token?.value === token) this.#token = undefined;
  }

  close(): void {
    this.#closing.abort();
    this.#api.close();
  }

  async #ask(): Promise<Token> {
    const asked = this.#clock.monotonic();
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: this.#assertion(),
    });
    const answer = await this.#api.json(
      tokenSchema,
      {
        method: 'POST',
        path: this.#endpoint.pathname,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(form.toString()),
        signed: false,
      },
      [200],
      this.#closing.signal,
    );
    const goodUntil = asked + answer.expires_in * 1000 - reserveMs;
    this.#token = { value: answer.access_token, goodUntil };
    return this.#token;
  }

  #assertion(): string {
    const { email, keyId, privateKey } = this.#key;
    const issued = Math.floor(this.#clock.now() / 1000);
    const header = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
    const claims = {
      iss: email,
      scope,
      aud: this.#endpoint.href,
      iat: issued,
      exp: issued + assertionSeconds,
    };
    const text = `${encoded(header)}.${encoded(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  }

  #explain(refusal: Refusal): CloudrollError {
    const now = this.#clock.now();
    const known = statusFailure(refusal.status, refusal.header('retry-after'), now);
    if (known !== undefined) return known;
    const theirs = Date.parse(refusal.header('date') ?? '');
    if (Math.abs(theirs - now) > clockToleranceMs) {
      return fail('auth', 'Google refuses to sign in because this computer’s clock is wrong.', {
        hint: 'Set the date and time of this computer, best automatically.',
      });
    }
    return fail('auth', `Google does not accept the key of ${this.#key.email}.`, {
      hint: 'The key or the account was deleted or switched off: look in the console under IAM, Service Accounts, and make a new key.',
    });
  }
}

/** The assertion stands in the body; nothing is signed with a token that there is not yet. */
const unsigned: AccessTokens = {
  get: () => Promise.reject(fail('bug', 'A token was needed to get a token.')),
  refused: () => undefined,
};

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
