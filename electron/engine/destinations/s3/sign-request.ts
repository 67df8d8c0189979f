import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is to be signed. */
export interface UnsignedRequest {
  readonly method: string;
  /** Encoded, as it is sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hexadecimal. */
  readonly payloadSha256: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Signs requests to S3 with AWS Signature Version 4 in the `Authorization` header
 * (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). The key is derived once a day.
 */
export class RequestSigner {
  readonly #credentials: Credentials;
  readonly #region: string;
  #key: { readonly day: string; readonly secret: KeyObject } | null = null;

  constructor(credentials: Credentials, region: string) {
    this.#credentials = credentials;
    this.#region = region;
  }

  /**
   * All headers to send.
   * @param now milliseconds since 1970
   */
  sign(request: UnsignedRequest, now: number): Record<string, string> {
    const { accessKeyId, sessionToken } = this.#credentials;
    const moment = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/gu, '');
    const day = moment.slice(0, 8);
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-content-sha256': request.payloadSha256,
      'x-amz-date': moment,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(headers).sort();
    const signed = names.join(';');
    const canonical = [
      request.method,
      request.path,
      queryString(request.query),
      ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
      '',
      signed,
      request.payloadSha256,
    ].join('\n');
    const scope = `${day}/${this.#region}/s3/aws4_request`;
    const digest = hash('sha256', canonical);
    const signature = createHmac('sha256', this.#keyOf(day))
      .update(`${algorithm}\n${moment}\n${scope}\n${digest}`)
      .digest('hex');
    const credential = `Credential=${accessKeyId}/${scope}`;
    headers['authorization'] =
      `${algorithm} ${credential}, SignedHeaders=${signed}, Signature=${signature}`;
    return headers;
  }

  /** As a key object: making one of the same bytes for each request takes longer than signing does. */
  #keyOf(day: string): KeyObject {
    if (this.#key?.day !== day) {
      const start = Buffer.from(`AWS4${this.#credentials.secretAccessKey}`);
      const bytes = [day, this.#region, 's3', 'aws4_request'].reduce<Buffer>(
        (key, part) => createHmac('sha256', key).update(part).digest(),
        start,
      );
      this.#key = { day, secret: createSecretKey(bytes) };
    }
    return this.#key.secret;
  }
}

/** A query in the order and encoding that is signed; sent in the same form. */
export function queryString(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`)
    .sort()
    .join('&');
}

/** A key as a path: everything but RFC 3986's unreserved characters and the slash is encoded. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodePart).join('/');
}

function encodePart(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
