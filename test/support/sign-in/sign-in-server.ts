import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider, type Configuration } from 'oidc-provider';
import { z } from 'zod';

import type { SignInProvider } from '../../../electron/engine/destinations/sign-in.ts';

export const publicClient = 'cloudroll-public';
export const secretClient = {
  id: 'cloudroll-with-secret',
  secret: 'canary-client-secret-0123456789',
};
/** Granted where Google's consent page has a box for it. */
export const driveScope = 'https://www.googleapis.com/auth/drive.file';

export interface SignInServerOptions {
  /** Whether every refresh brings another refresh token and ends the old one; default false. */
  readonly rotates?: boolean;
  /** Of an access token, seconds; default an hour. */
  readonly lifetime?: number;
}

const day = 86_400;

/** A request that the server took, as far as tests look at it. */
export interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: URLSearchParams;
}

/**
 * A real OAuth 2.0 and OpenID Connect server (`oidc-provider`), on addresses that are laid out as Google's, with
 * its own pages for signing in and consent: any name signs in, and its account has the e-mail address
 * `<name>@example.com`.
 */
export class SignInServer implements AsyncDisposable {
  readonly address: string;
  readonly seen: SeenRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server, address: string, options: SignInServerOptions) {
    this.#server = server;
    this.address = address;
    const provider = new Provider(address, configuration(options));
    const answer = provider.callback();
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = new URLSearchParams(Buffer.concat(chunks).toString());
        const { authorization } = request.headers;
        this.seen.push({ path: (request.url ?? '').replace(/\?.*/su, ''), authorization, body });
      });
      // Choosing among accounts is Google's own: here a person types in the name of one.
      request.url = request.url?.replace('prompt=consent+select_account', 'prompt=consent');
      void answer(request, response);
    });
  }

  static async start(options: SignInServerOptions = {}): Promise<SignInServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new SignInServer(server, `http://127.0.0.1:${String(port)}`, options);
  }

  /** Forms that were sent to its token endpoint for this grant. */
  grants(type: 'authorization_code' | 'refresh_token'): URLSearchParams[] {
    return this.seen
      .filter(({ path, body }) => path === '/token' && body.get('grant_type') === type)
      .map(({ body }) => body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function configuration({ rotates = false, lifetime = 3600 }: SignInServerOptions): Configuration {
  const client = {
    application_type: 'native' as const,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
    redirect_uris: ['http://127.0.0.1/', 'http://127.0.0.1/callback', 'http://localhost/callback'],
  };
  return {
    clients: [
      { ...client, client_id: publicClient, token_endpoint_auth_method: 'none' },
      {
        ...client,
        client_id: secretClient.id,
        client_secret: secretClient.secret,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    cookies: { keys: ['only for tests'] },
    routes: {
      authorization: '/o/oauth2/v2/auth',
      token: '/token',
      revocation: '/revoke',
      userinfo: '/v1/userinfo',
    },
    scopes: ['openid', 'email', driveScope],
    claims: { openid: ['sub'], email: ['email'] },
    extraParams: ['access_type'],
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com` }),
    }),
    issueRefreshToken: () => true,
    rotateRefreshToken: rotates,
    pkce: { required: () => true },
    ttl: {
      AccessToken: lifetime,
      RefreshToken: day,
      Interaction: day,
      Session: day,
      Grant: day,
      IdToken: day,
    },
  };
}

const userInfoSchema = z.object({ email: z.string() });

/** How people sign in at that server. */
export function testProvider(
  address: string,
  change: Partial<SignInProvider> = {},
): SignInProvider {
  return {
    id: 'test',
    title: 'Test Cloud',
    authorizationEndpoint: `${address}/o/oauth2/v2/auth`,
    tokenEndpoint: `${address}/token`,
    revocation: { address: `${address}/revoke`, style: 'form' },
    scopes: ['openid', 'email', driveScope],
    parameters: { access_type: 'offline', prompt: 'consent' },
    loopback: { host: '127.0.0.1', ports: [], path: '/callback' },
    secrets: {
      refreshToken: 'CLOUDROLL_TEST_REFRESH_TOKEN',
      clientId: 'CLOUDROLL_TEST_CLIENT_ID',
      clientSecret: 'CLOUDROLL_TEST_CLIENT_SECRET',
    },
    clientConsole: 'https://console.example.com/clients',
    account: async (accessToken, signal) => {
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await fetch(`${address}/v1/userinfo`, { headers, signal });
      return userInfoSchema.parse(await response.json()).email;
    },
    ...change,
  };
}
