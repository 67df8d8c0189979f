import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { z } from 'zod';

const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const headerSchema = z.object({ alg: z.literal('RS256'), typ: z.literal('JWT'), kid: z.string() });
const claimsSchema = z.object({
  iss: z.string(),
  scope: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
});
const writingScopes: ReadonlySet<string> = new Set([
  'https://www.googleapis.com/auth/devstorage.read_write',
  'https://www.googleapis.com/auth/devstorage.full_control',
  'https://www.googleapis.com/auth/cloud-platform',
]);

/** Answer to a request for a token. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: object;
}

/** A service account as the console makes it. */
interface Account {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

// One pair for all accounts of a process: making one takes a quarter of a second.
let pair: { readonly publicKey: string; readonly privateKey: string } | undefined;

/**
 * Gives access tokens to service accounts as oauth2.googleapis.com does
 * (developers.google.com/identity/protocols/oauth2/service-account#httprest): refuses assertions with a wrong
 * signature, key, audience, lifetime or clock.
 */
export class TokenServer {
  /** Seconds that a token is good for. */
  lifetime = 3599;
  /** Whether requests are let in without a token, as emulators do. */
  open = false;
  /** Requests for a token. */
  asked = 0;
  readonly #accounts = new Map<string, Account>();
  readonly #tokens = new Map<string, number>();
  #address = '';

  listensAt(address: string): void {
    this.#address = address;
  }

  /** The JSON key of a new account. */
  makeKey(): string {
    pair ??= generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const email = `uploader-${randomUUID().slice(0, 8)}@photos.iam.gserviceaccount.com`;
    const keyId = randomUUID().replaceAll('-', '');
    this.#accounts.set(email, { keyId, publicKey: createPublicKey(pair.publicKey) });
    return JSON.stringify({
      type: 'service_account',
      project_id: 'photos',
      private_key_id: keyId,
      private_key: pair.privateKey,
      client_email: email,
      client_id: '100000000000000000000',
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: `${this.#address}/token`,
      universe_domain: 'googleapis.com',
    });
  }

  /** No token that was given is good any more. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  /** Whether a request with this header may go on. */
  knows(authorization: string | undefined): boolean {
    if (this.open) return true;
    const token = /^Bearer (\S+)$/u.exec(authorization ?? '')?.[1] ?? '';
    return (this.#tokens.get(token) ?? 0) > Date.now();
  }

  answer(contentType: string | undefined, body: string): TokenAnswer {
    this.asked += 1;
    if (contentType?.startsWith('application/x-www-form-urlencoded') !== true) {
      return refused('invalid_request', 'Bad content type.');
    }
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== grant) {
      return refused('unsupported_grant_type', 'Invalid grant_type');
    }
    const reason = this.#objection(form.get('assertion') ?? '');
    if (reason !== null) return refused('invalid_grant', reason);
    const token = `ya29.${randomUUID()}`;
    this.#tokens.set(token, Date.now() + this.lifetime * 1000);
    return {
      status: 200,
      body: { access_token: token, expires_in: this.lifetime, token_type: 'Bearer' },
    };
  }

  #objection(assertion: string): string | null {
    const [head = '', middle = '', signature = ''] = assertion.split('.');
    const header = headerSchema.safeParse(decoded(head));
    const claims = claimsSchema.safeParse(decoded(middle));
    if (!header.success || !claims.success) return 'Invalid JWT.';
    const { iss, scope, aud, iat, exp } = claims.data;
    const account = this.#accounts.get(iss);
    if (account === undefined) return 'Invalid grant: account not found';
    const signed = Buffer.from(`${head}.${middle}`);
    const genuine =
      header.data.kid === account.keyId &&
      verify('sha256', signed, account.publicKey, Buffer.from(signature, 'base64url'));
    if (!genuine) return 'Invalid JWT Signature.';
    if (aud !== `${this.#address}/token`) return 'Invalid JWT: Failed audience check.';
    const now = Date.now() / 1000;
    if (exp - iat > 3600 || Math.abs(now - iat) > 300 || exp < now) {
      return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
    }
    const scopes = scope.split(' ');
    return scopes.some((one) => writingScopes.has(one)) ? null : 'Invalid OAuth scope.';
  }
}

function refused(error: string, description: string): TokenAnswer {
  return { status: 400, body: { error, error_description: description } };
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
