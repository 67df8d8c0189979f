import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { keptConnections, type KeptConnections } from '../common/kept-connections.ts';
import {
  DirectUploader,
  type Upload,
  type UploadAddress,
  type UploadReply,
} from './direct-upload.ts';
import { s3ErrorOf, translate } from './s3-failure.ts';
import type { S3Settings } from './settings.ts';
import { encodeKey, RequestSigner, type Credentials } from './sign-request.ts';

export type Sdk = typeof import('@aws-sdk/client-s3');

interface Connected {
  readonly client: S3Client;
  readonly sdk: Sdk;
  readonly signer: RequestSigner;
  readonly agents: KeptConnections;
}

/** Requests at once that get a socket of their own. */
export const maxSockets = 64;

/**
 * One client for one bucket, made at the first request. Requests are sent once: repeating them is the
 * business of a decorator. Every failure comes out translated.
 */
export class S3Connection {
  readonly settings: S3Settings;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  #connected: Promise<Connected> | undefined;
  #uploader: DirectUploader | null = null;

  constructor(settings: S3Settings, secrets: Secrets, clock: Clock) {
    this.settings = settings;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** What the request brings back. A failure has the SDK's own error as its cause. */
  async run<T>(request: (connected: Connected) => Promise<T>, signal: AbortSignal): Promise<T> {
    throwIfCancelled(signal);
    try {
      this.#connected ??= this.#connect();
      const connected = await this.#connected;
      return await orCancelled(sendOnce(request, connected), signal);
    } catch (error) {
      throw this.translated(error);
    }
  }

  /**
   * Remembers from a request of the SDK where objects are put, so that {@link upload} can do without it.
   * @param key as the request names it, with the prefix
   */
  async learnAddress(request: unknown, key: string): Promise<void> {
    const connected = await this.#connected;
    const address = addressOf(request, key);
    if (connected === undefined || address === null) return;
    const { signer, agents } = connected;
    const agent = address.protocol === 'https:' ? agents.https : agents.http;
    this.#uploader = new DirectUploader(address, signer, agent);
  }

  /**
   * Puts bytes without the SDK, as {@link run}. Null where that cannot be: the address is not known, or the
   * server sends the request elsewhere or has another time, which the SDK can cope with.
   */
  async upload(upload: Upload, signal: AbortSignal): Promise<UploadReply | null> {
    throwIfCancelled(signal);
    if (this.#uploader === null) return null;
    try {
      return await orCancelled(this.#uploader.put(upload, this.#clock.now(), signal), signal);
    } catch (error) {
      const { code, status } = s3ErrorOf(error);
      if (!(status === 301 || status === 307 || forSdk.has(code))) throw this.translated(error);
      this.#uploader = null;
      return null;
    }
  }

  translated(error: unknown): Error {
    return translate(error, this.settings.bucket, this.#clock.now());
  }

  async close(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    this.#uploader = null;
    const made = await connected?.catch(() => undefined);
    made?.client.destroy();
  }

  async #connect(): Promise<Connected> {
    try {
      const credentials = await this.#credentials();
      const [sdk, { NodeHttpHandler }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('@smithy/node-http-handler'),
      ]);
      const { endpoint, region, pathStyle, preset } = this.settings;
      const agents = keptConnections(maxSockets);
      const client = new sdk.S3Client({
        region,
        ...(endpoint === undefined ? {} : { endpoint }),
        forcePathStyle: pathStyle,
        followRegionRedirects: preset.id === 'aws',
        credentials,
        maxAttempts: 1,
        // Each request carries a SHA-256 or an MD5 of its own; many servers refuse the SDK's CRC32.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        // Waiting for "100 Continue" would cost a round trip for each photo.
        expectContinueHeader: false,
        requestHandler: new NodeHttpHandler({
          httpAgent: agents.http,
          httpsAgent: agents.https,
          connectionTimeout: 10_000,
          socketTimeout: 60_000,
        }),
      });
      return { client, sdk, agents, signer: new RequestSigner(credentials, region) };
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }

  async #credentials(): Promise<Credentials> {
    const accessKeyId = await this.#secret('AWS_ACCESS_KEY_ID');
    const secretAccessKey = await this.#secret('AWS_SECRET_ACCESS_KEY');
    const sessionToken = await this.#secrets.find(this.settings.name, 'AWS_SESSION_TOKEN');
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    };
  }

  async #secret(name: string): Promise<string> {
    const value = await this.#secrets.find(this.settings.name, name);
    if (value !== undefined) return value;
    throw fail(
      'auth',
      `There is no access key for ${this.settings.preset.title}: ${name} is not set.`,
      {
        hint: `Set the environment variable ${name}.`,
      },
    );
  }
}

/**
 * The SDK learns the server's time from a refusal for clock skew and signs the next request by it, so that
 * one repetition, with nothing stored by the first, saves who has a wrong clock.
 */
async function sendOnce<T>(
  request: (connected: Connected) => Promise<T>,
  connected: Connected,
): Promise<T> {
  try {
    return await request(connected);
  } catch (error) {
    if (s3ErrorOf(error).code !== 'RequestTimeTooSkewed') throw error;
    return await request(connected);
  }
}

/** Refusals after which the SDK asks again in another way. */
const forSdk: ReadonlySet<string> = new Set([
  'RequestTimeTooSkewed',
  'AuthorizationHeaderMalformed',
  'PermanentRedirect',
]);

/** Null where the request does not look as expected. */
function addressOf(request: unknown, key: string): UploadAddress | null {
  const parsed = addressSchema.safeParse(request);
  if (!parsed.success) return null;
  const { protocol, hostname, port, path } = parsed.data;
  const encoded = encodeKey(key);
  if (!path.endsWith(`/${encoded}`)) return null;
  return { protocol, hostname, port, base: path.slice(0, -encoded.length) };
}

const addressSchema = z.object({
  protocol: z.enum(['http:', 'https:']),
  hostname: z.string(),
  port: z.int().optional(),
  path: z.string(),
});
