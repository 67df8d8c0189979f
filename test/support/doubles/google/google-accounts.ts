import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { GoogleConsent } from './google-consent.ts';

/** A sign-in of a person at a client, as the double knows it. */
export interface GoogleGrant {
  readonly clientId: string;
  readonly email: string;
  readonly scopes: readonly string[];
}

/**
 * The part of Google's accounts that is needed: signing in, refresh tokens, access tokens for them, whose they are,
 * and their end (developers.google.com/identity/protocols/oauth2/native-app,
 * developers.google.com/identity/openid-connect/openid-connect).
 */
export class GoogleAccounts {
  readonly #grants = new Map<string, GoogleGrant>();
  readonly #accessTokens = new Map<string, GoogleGrant>();
  readonly #clients = new Map<string, string>();
  readonly #consent = new GoogleConsent((clientId) => this.#clients.has(clientId));

  /** A client of the type Desktop app, as it is made in the console. */
  register(clientId: string, clientSecret: string): void {
    this.#clients.set(clientId, clientSecret);
  }

  /** @returns a refresh token */
  grant(grant: GoogleGrant, clientSecret: string): string {
    this.register(grant.clientId, clientSecret);
    const refreshToken = `1//${randomUUID()}`;
    this.#grants.set(refreshToken, grant);
    return refreshToken;
  }

  /** As the token endpoint gives it; undefined for a refresh token that was revoked. */
  accessToken(refreshToken: string): string | undefined {
    const grant = this.#grants.get(refreshToken);
    if (grant === undefined) return undefined;
    const accessToken = `ya29.${randomUUID()}`;
    this.#accessTokens.set(accessToken, grant);
    return accessToken;
  }

  /** Whoever sent a request; undefined where its access token is none or has ended. */
  whoSent({ headers }: IncomingMessage): GoogleGrant | undefined {
    const [, token = ''] = /^Bearer (\S+)$/u.exec(headers.authorization ?? '') ?? [];
    return this.#accessTokens.get(token);
  }

  /** All access tokens end at once, as they do after an hour. */
  endAccessTokens(): void {
    this.#accessTokens.clear();
  }

  /** The person takes every permission back. */
  revokeAll(): void {
    this.#grants.clear();
    this.#accessTokens.clear();
  }

  /** Answers what belongs to accounts; false where the request is about something else. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): boolean {
    const { method } = request;
    if (this.#consent.handle(request, response, path, body)) return true;
    const answer = (status: number, json: unknown): true => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(json));
      return true;
    };
    if (method === 'POST' && path === '/token') {
      const { status, json } = this.#token(new URLSearchParams(body.toString()));
      return answer(status, json);
    }
    if (method === 'POST' && path === '/revoke') {
      const token = new URLSearchParams(body.toString()).get('token') ?? '';
      const known = this.#grants.delete(token);
      if (known) this.#accessTokens.clear();
      return known ? answer(200, {}) : answer(400, { error: 'invalid_token' });
    }
    if (method === 'GET' && path === '/v1/userinfo') {
      const grant = this.whoSent(request);
      if (grant === undefined) return answer(401, { error: 'invalid_request' });
      const mail = grant.scopes.includes('email') ? { email: grant.email } : {};
      return answer(200, { sub: '10769150350006150715113082367', ...mail });
    }
    return false;
  }

  #token(form: URLSearchParams): { readonly status: number; readonly json: unknown } {
    const clientId = form.get('client_id') ?? '';
    const secret = this.#clients.get(clientId);
    if (secret === undefined || form.get('client_secret') !== secret) {
      return { status: 401, json: { error: 'invalid_client' } };
    }
    if (form.get('grant_type') === 'authorization_code') {
      const grant = this.#consent.exchange(form);
      if (grant === undefined) return { status: 400, json: { error: 'invalid_grant' } };
      const refreshToken = this.grant(grant, secret);
      const json = this.#bearer(this.accessToken(refreshToken), grant);
      return { status: 200, json: { ...json, refresh_token: refreshToken } };
    }
    if (form.get('grant_type') !== 'refresh_token') {
      return { status: 400, json: { error: 'unsupported_grant_type' } };
    }
    const refreshToken = form.get('refresh_token') ?? '';
    const grant = this.#grants.get(refreshToken);
    const token = this.accessToken(refreshToken);
    if (token === undefined || grant?.clientId !== clientId) {
      const description = 'Token has been expired or revoked.';
      return { status: 400, json: { error: 'invalid_grant', error_description: description } };
    }
    return { status: 200, json: this.#bearer(token, grant) };
  }

  #bearer(token: string | undefined, { scopes }: GoogleGrant): object {
    const scope = scopes.join(' ');
    return { access_token: token, expires_in: 3599, scope, token_type: 'Bearer' };
  }
}
