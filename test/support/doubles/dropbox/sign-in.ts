import { createHash, randomBytes } from 'node:crypto';

import { badRequest, errorReply, jsonReply } from './wire.ts';
import type { DropboxRequest, Reply } from './wire.ts';

interface Grant {
  readonly refreshToken: string;
  readonly scopes: readonly string[];
}

/** An app as it is registered in the App Console, and a person who always says yes. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly redirects: readonly string[];
  readonly scopes: readonly string[];
}

/** The sign-in of developers.dropbox.com/oauth-guide for an app without a secret. */
export class DropboxSignIn {
  readonly #app: RegisteredApp;
  readonly #codes = new Map<string, { challenge: string; redirect: string; scopes: string[] }>();
  readonly #access = new Map<string, Grant & { expired: boolean }>();
  readonly #refresh = new Map<string, Grant>();

  constructor(app: RegisteredApp) {
    this.#app = app;
  }

  /** A refresh token as after a sign-in. */
  grant(scopes: readonly string[] = this.#app.scopes): string {
    const refreshToken = randomBytes(24).toString('base64url');
    this.#refresh.set(refreshToken, { refreshToken, scopes });
    return refreshToken;
  }

  /** An access token of four hours. */
  accessToken(refreshToken: string): string {
    const grant = this.#refresh.get(refreshToken);
    if (grant === undefined) throw new Error('no such grant');
    const token = `sl.u.${randomBytes(24).toString('base64url')}`;
    this.#access.set(token, { ...grant, expired: false });
    return token;
  }

  /** As after four hours. */
  expireAccessTokens(): void {
    for (const token of this.#access.values()) token.expired = true;
  }

  /** As when a person disconnects the app at dropbox.com. */
  revokeAll(): void {
    this.#access.clear();
    this.#refresh.clear();
  }

  /** Null where the request may go on. */
  refuse({ route, headers }: DropboxRequest, scope: string | null): Reply | null {
    const [, token = ''] = /^Bearer (.+)$/u.exec(headers.authorization ?? '') ?? [];
    if (token === '') return badRequest(route, 'Must provide HTTP header "Authorization".');
    const grant = this.#access.get(token);
    if (grant === undefined) return errorReply(401, { '.tag': 'invalid_access_token' });
    if (grant.expired) return errorReply(401, { '.tag': 'expired_access_token' });
    if (scope !== null && !grant.scopes.includes(scope)) {
      return errorReply(401, { '.tag': 'missing_scope', required_scope: scope });
    }
    return null;
  }

  /** Ends the refresh token behind the access token as well. */
  revoke({ headers }: DropboxRequest): void {
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    const refreshToken = this.#access.get(token)?.refreshToken;
    if (refreshToken !== undefined) this.#refresh.delete(refreshToken);
    for (const [one, grant] of this.#access) {
      if (grant.refreshToken === refreshToken) this.#access.delete(one);
    }
  }

  /** The page on which a person says yes. */
  authorize({ url }: DropboxRequest): Reply {
    const asked = (name: string): string => url.searchParams.get(name) ?? '';
    const redirect = asked('redirect_uri');
    const scopes = asked('scope').split(' ').filter(Boolean);
    const wrong =
      asked('client_id') !== this.#app.clientId ||
      asked('response_type') !== 'code' ||
      asked('token_access_type') !== 'offline' ||
      asked('code_challenge_method') !== 'S256' ||
      !this.#app.redirects.includes(redirect) ||
      scopes.some((scope) => !this.#app.scopes.includes(scope));
    if (wrong) return { status: 400, body: 'It seems the app you were using is misconfigured.' };
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, { challenge: asked('code_challenge'), redirect, scopes });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    if (url.searchParams.has('state')) back.searchParams.set('state', asked('state'));
    return { status: 302, headers: { location: back.href } };
  }

  /** The parameters come as a form; those of Dropbox's own client stand in the address. */
  token({ method, url, body, headers }: DropboxRequest): Reply {
    if (method !== 'POST') return jsonReply(400, { error: 'invalid_request' });
    const asForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const form = asForm === true ? new URLSearchParams(body.toString()) : url.searchParams;
    if (form.get('client_id') !== this.#app.clientId) return jsonReply(401, invalidClient);
    if (form.get('grant_type') === 'refresh_token') {
      const refreshToken = form.get('refresh_token') ?? '';
      if (!this.#refresh.has(refreshToken)) {
        return jsonReply(400, invalidGrant('refresh token is malformed, expired or revoked'));
      }
      return jsonReply(200, this.#bearer(refreshToken));
    }
    const code = form.get('code') ?? '';
    const begun = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = createHash('sha256').update(form.get('code_verifier') ?? '');
    const proper =
      form.get('grant_type') === 'authorization_code' &&
      begun?.challenge === verifier.digest('base64url') &&
      begun.redirect === form.get('redirect_uri');
    if (!proper) return jsonReply(400, invalidGrant("code doesn't exist or has expired"));
    const refreshToken = this.grant(begun.scopes);
    return jsonReply(200, { ...this.#bearer(refreshToken), refresh_token: refreshToken });
  }

  #bearer(refreshToken: string): object {
    return {
      access_token: this.accessToken(refreshToken),
      token_type: 'bearer',
      expires_in: 14_400,
      scope: this.#refresh.get(refreshToken)?.scopes.join(' '),
      uid: '12345',
      account_id: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc',
    };
  }
}

const invalidClient = { error: 'invalid_client', error_description: 'Invalid client_id' };

function invalidGrant(what: string): object {
  return { error: 'invalid_grant', error_description: what };
}
