import { randomUUID } from 'node:crypto';

import { json } from './wire.ts';
import type { GraphRequest, Reply } from './wire.ts';

/** The one account and the one public client that are known. */
export const oneDriveAccount = {
  clientId: '11111111-2222-3333-4444-555555555555',
  email: 'somebody@example.com',
  scopes: ['Files.ReadWrite', 'User.Read', 'offline_access'],
} as const;

/**
 * Tokens of the account (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow): access tokens
 * that end, refresh tokens of which each use brings another one.
 */
export class Accounts {
  readonly #access = new Set<string>();
  readonly #refresh = new Set<string>();

  issueAccess(): string {
    const token = `access-${randomUUID()}`;
    this.#access.add(token);
    return token;
  }

  issueRefresh(): string {
    const token = `refresh-${randomUUID()}`;
    this.#refresh.add(token);
    return token;
  }

  /** Access tokens end; who is signed in gets another one. */
  endAccess(): void {
    this.#access.clear();
  }

  /** The person takes the permission back. */
  revoke(): void {
    this.#access.clear();
    this.#refresh.clear();
  }

  isGood(authorization: string | undefined): boolean {
    const [, token] = /^Bearer (.+)$/u.exec(authorization ?? '') ?? [];
    return token !== undefined && this.#access.has(token);
  }

  /** `POST /common/oauth2/v2.0/token`. */
  token({ method, headers, body }: GraphRequest): Reply {
    const form = new URLSearchParams(body.toString('utf8'));
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    if (method !== 'POST' || isForm !== true) return refused('invalid_request');
    if (form.get('client_id') !== oneDriveAccount.clientId) return refused('unauthorized_client');
    // A public client has no secret, and one that is sent is refused (AADSTS700025).
    if (form.has('client_secret')) return refused('invalid_client');
    if (form.get('grant_type') !== 'refresh_token') return refused('unsupported_grant_type');
    if (!this.#refresh.has(form.get('refresh_token') ?? '')) return refused('invalid_grant');
    return json(200, {
      token_type: 'Bearer',
      scope: 'Files.ReadWrite User.Read',
      expires_in: 3600,
      access_token: this.issueAccess(),
      refresh_token: this.issueRefresh(),
    });
  }
}

function refused(error: string): Reply {
  return json(400, { error, error_description: `Refused: ${error}.`, error_codes: [0] });
}
