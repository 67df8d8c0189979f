import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { cancelled, throwIfCancelled } from '../cancellation.ts';
import { encodeKey, queryString, type RequestSigner } from './sign-request.ts';

/** Where the objects of a bucket are put. */
export interface UploadAddress {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number | undefined;
  /** Path before the key, ending in `/`. */
  readonly base: string;
}

/** Bytes to put, all in memory. */
export interface Upload {
  /** With the destination's prefix. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** SHA-256 that the body is to have; the server refuses any other. */
  readonly sha256: string;
}

/** What the server says of what it has stored. */
export interface UploadReply {
  readonly etag: string | undefined;
  /** The SHA-256 that the server computed, base64. */
  readonly checksumSha256: string | undefined;
  /** Whether all of the body had left when the answer came: from then on nothing looks at it any more. */
  readonly sent: boolean;
}

/** A reply that is no success, with what {@link s3ErrorOf} asks of an error. */
export class RefusedUpload extends Error {
  readonly code: string;
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: IncomingMessage['headers'] };

  constructor(status: number, code: string, headers: IncomingMessage['headers']) {
    super(`The server answered ${String(status)} ${code}.`);
    this.name = 'RefusedUpload';
    this.code = code;
    this.$metadata = { httpStatusCode: status };
    this.$response = { headers };
  }
}

const connectionTimeoutMs = 10_000;
const silenceTimeoutMs = 60_000;
const longestReply = 64 * 1024;

/**
 * Puts bytes by one plain request. The SDK does the same in ten times the processor time, which with small
 * photos is more than everything else takes together; it stays in charge of everything but these bytes.
 */
export class DirectUploader {
  readonly #address: UploadAddress;
  readonly #signer: RequestSigner;
  readonly #agent: Agent;

  constructor(address: UploadAddress, signer: RequestSigner, agent: Agent) {
    this.#address = address;
    this.#signer = signer;
    this.#agent = agent;
  }

  /**
   * @param now milliseconds since 1970, to sign by
   * @throws RefusedUpload, or what Node says of a connection that failed
   */
  async put(upload: Upload, now: number, signal: AbortSignal): Promise<UploadReply> {
    const { hostname, port, base } = this.#address;
    const query = upload.query ?? {};
    const path = `${base}${encodeKey(upload.key)}`;
    const headers = this.#signer.sign(
      {
        method: 'PUT',
        path,
        query,
        headers: {
          ...upload.headers,
          host: port === undefined ? hostname : `${hostname}:${String(port)}`,
          'content-length': String(upload.body.length),
        },
        payloadSha256: upload.sha256,
      },
      now,
    );
    const search = queryString(query);
    const target = search === '' ? path : `${path}?${search}`;
    try {
      return await this.#send(target, headers, upload.body, this.#agent, signal);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      // The others that are kept may be as old: this one goes over a connection of its own.
      return await this.#send(target, headers, upload.body, false, signal);
    }
  }

  async #send(
    path: string,
    headers: Record<string, string>,
    body: Buffer,
    agent: Agent | false,
    signal: AbortSignal,
  ): Promise<UploadReply> {
    throwIfCancelled(signal);
    const { protocol, hostname, port } = this.#address;
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)({
      method: 'PUT',
      hostname,
      port,
      path,
      headers,
      agent,
      timeout: silenceTimeoutMs,
    });
    return await new Promise((resolve, reject) => {
      let connecting: NodeJS.Timeout | undefined;
      let answered = false;
      const giveUp = (): void => {
        request.destroy(timedOut());
      };
      const stop = (): void => {
        request.destroy(cancelled());
      };
      signal.addEventListener('abort', stop, { once: true });
      request.on('close', () => {
        signal.removeEventListener('abort', stop);
      });
      request.on('socket', (socket) => {
        if (!socket.connecting) return;
        connecting = setTimeout(giveUp, connectionTimeoutMs);
        socket.once('connect', () => {
          clearTimeout(connecting);
        });
      });
      request.on('timeout', giveUp);
      request.on('error', (error) => {
        clearTimeout(connecting);
        const stale = request.reusedSocket && !answered && isReset(error);
        reject(stale ? new StaleConnection(error) : error);
      });
      request.on('response', (response) => {
        answered = true;
        readReply(response).then((reply) => {
          resolve({ ...reply, sent: request.writableFinished });
        }, reject);
      });
      request.end(body);
    });
  }
}

/** The server had closed a connection that was kept, as the next request went out on it: nothing is wrong. */
class StaleConnection extends Error {
  constructor(cause: Error) {
    super('The server closed a connection that was kept open.', { cause });
    this.name = 'StaleConnection';
  }
}

function isReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function timedOut(): Error {
  return Object.assign(new Error('The server does not answer.'), { code: 'ETIMEDOUT' });
}

function readReply(response: IncomingMessage): Promise<Omit<UploadReply, 'sent'>> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('latin1');
    response.on('data', (piece: string) => {
      // What is longer says nothing that is needed; it is read to its end to keep the connection.
      if (text.length < longestReply) text += piece;
    });
    response.on('error', reject);
    response.on('end', () => {
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) {
        const checksumSha256 = single(headers['x-amz-checksum-sha256']);
        resolve({ etag: headers.etag, checksumSha256 });
        return;
      }
      const code = /<Code>([A-Za-z0-9]{1,100})<\/Code>/u.exec(text)?.[1] ?? '';
      reject(new RefusedUpload(statusCode, code, headers));
    });
  });
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
