import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { GoogleGrant } from './google-accounts.ts';

/** Whoever sits before the browser. */
const email = 'me@example.com';
const knownScopes: readonly string[] = [
  ...['openid', 'email', 'https://www.googleapis.com/auth/drive.file'],
];

interface Asked {
  readonly clientId: string;
  readonly redirect: string;
  readonly state: string;
  readonly challenge: string;
  readonly scopes: readonly string[];
}

/**
 * Google's page that asks a person for consent, and the codes that it gives to a desktop app
 * (developers.google.com/identity/protocols/oauth2/native-app): PKCE with S256, offline access, and a redirect to a
 * port of this computer. A code is good once, for whoever has the verifier.
 */
export class GoogleConsent {
  readonly #isClient: (clientId: string) => boolean;
  readonly #asked = new Map<string, Asked>();
  readonly #codes = new Map<string, Asked>();

  constructor(isClient: (clientId: string) => boolean) {
    this.#isClient = isClient;
  }

  /** Answers what belongs to the page; false where the request is about something else. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): boolean {
    if (request.method === 'GET' && path === '/o/oauth2/v2/auth') {
      this.#ask(new URL(request.url ?? '/', 'http://double').searchParams, response);
      return true;
    }
    if (request.method === 'POST' && path === '/signin/oauth/consent') {
      this.#decide(new URLSearchParams(body.toString()), response);
      return true;
    }
    return false;
  }

  /** What a code stands for; undefined where it is none, or in other hands. */
  exchange(form: URLSearchParams): GoogleGrant | undefined {
    const code = form.get('code') ?? '';
    const asked = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = createHash('sha256').update(form.get('code_verifier') ?? '');
    const proper =
      asked?.challenge === verifier.digest('base64url') &&
      asked.redirect === form.get('redirect_uri') &&
      asked.clientId === form.get('client_id');
    return proper ? { clientId: asked.clientId, email, scopes: asked.scopes } : undefined;
  }

  #ask(query: URLSearchParams, response: ServerResponse): void {
    const given = (name: string): string => query.get(name) ?? '';
    const asked: Asked = {
      clientId: given('client_id'),
      redirect: given('redirect_uri'),
      state: given('state'),
      challenge: given('code_challenge'),
      scopes: given('scope').split(' '),
    };
    const proper =
      this.#isClient(asked.clientId) &&
      /^http:\/\/127\.0\.0\.1:\d+(?:\/|$)/u.test(asked.redirect) &&
      /^[\w-]{43}$/u.test(asked.challenge) &&
      given('code_challenge_method') === 'S256' &&
      given('response_type') === 'code' &&
      given('access_type') === 'offline' &&
      asked.scopes.every((scope) => knownScopes.includes(scope));
    if (!proper) {
      sendPage(response, 400, '<h1>Access blocked: Authorization Error</h1>');
      return;
    }
    const id = randomUUID();
    this.#asked.set(id, asked);
    const page = [
      `<h1>Cloudroll wants access to your Google Account</h1><p>${email}</p>`,
      '<form method="post" action="/signin/oauth/consent">',
      `<input type="hidden" name="id" value="${id}">`,
      '<button name="answer" value="cancel">Cancel</button>',
      '<button name="answer" value="continue">Continue</button></form>',
    ];
    sendPage(response, 200, page.join(''));
  }

  #decide(form: URLSearchParams, response: ServerResponse): void {
    const id = form.get('id') ?? '';
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (asked === undefined) {
      sendPage(response, 400, '<h1>Something went wrong</h1>');
      return;
    }
    const back = new URL(asked.redirect);
    back.searchParams.set('state', asked.state);
    if (form.get('answer') === 'continue') {
      const code = `4/${randomUUID()}`;
      this.#codes.set(code, asked);
      back.searchParams.set('code', code);
      back.searchParams.set('scope', asked.scopes.join(' '));
    } else {
      back.searchParams.set('error', 'access_denied');
    }
    response.writeHead(302, { location: back.href }).end();
  }
}

function sendPage(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="en"><title>Sign in</title>${body}`);
}
