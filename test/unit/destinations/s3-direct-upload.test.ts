import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';

import { DirectUploader } from '../../../electron/engine/destinations/s3/direct-upload.ts';
import { s3ErrorOf } from '../../../electron/engine/destinations/s3/s3-failure.ts';
import {
  encodeKey,
  queryString,
  RequestSigner,
} from '../../../electron/engine/destinations/s3/sign-request.ts';

const never = new AbortController().signal;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of the examples in docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
const exampleSigner = (sessionToken?: string): RequestSigner =>
  new RequestSigner(
    {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    'us-east-1',
  );
const exampleTime = Date.parse('2013-05-24T00:00:00Z');
const exampleHost = 'examplebucket.s3.amazonaws.com';

describe('RequestSigner', () => {
  test('signs a put as in the documentation', () => {
    const headers = exampleSigner().sign(
      {
        method: 'PUT',
        path: `/${encodeKey('test$file.text')}`,
        query: {},
        headers: {
          host: exampleHost,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        payloadSha256: sha256('Welcome to Amazon S3.'),
      },
      exampleTime,
    );
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
        'SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, ' +
        'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    );
  });

  test.each([
    [
      { 'max-keys': '2', prefix: 'J' },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
    [{ lifecycle: '' }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ])('signs a query as in the documentation', (query, signature) => {
    const headers = exampleSigner().sign(
      {
        method: 'GET',
        path: '/',
        query,
        headers: { host: exampleHost },
        payloadSha256: sha256(''),
      },
      exampleTime,
    );
    expect(headers['authorization']).toContain(`Signature=${signature}`);
  });

  test('sends and signs the token of temporary keys', () => {
    const headers = exampleSigner('token').sign(
      { method: 'PUT', path: '/a', query: {}, headers: { host: 'h' }, payloadSha256: sha256('') },
      exampleTime,
    );
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['authorization']).toContain('x-amz-date;x-amz-security-token');
  });

  test('encodes everything but what need not be', () => {
    expect(encodeKey("2024/05/a b+(1)!'*é~_.-.jpg")).toBe(
      '2024/05/a%20b%2B%281%29%21%27%2A%C3%A9~_.-.jpg',
    );
    expect(queryString({ uploadId: 'a/b=', partNumber: '3' })).toBe(
      'partNumber=3&uploadId=a%2Fb%3D',
    );
  });
});

describe('DirectUploader', () => {
  let close: () => Promise<void> = () => Promise.resolve();
  afterEach(() => close());

  async function uploaderTo(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<DirectUploader> {
    const agent = new Agent({ keepAlive: true });
    const server = createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    close = async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
    const { port } = address;
    const place = { protocol: 'http:', hostname: '127.0.0.1', port, base: '/bucket/' } as const;
    return new DirectUploader(place, exampleSigner(), agent);
  }

  const upload = (text: string) => ({
    key: 'a b.jpg',
    headers: { 'content-type': 'image/jpeg' },
    body: Buffer.from(text),
    sha256: sha256(text),
  });

  test('sends the bytes to the encoded key, and gives what the server says of them', async () => {
    const seen: unknown[] = [];
    const uploader = await uploaderTo((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(request.method, request.url, request.headers['content-type'], body);
        response.setHeader('ETag', '"e"').setHeader('x-amz-checksum-sha256', 'sum').end();
      });
    });
    expect(await uploader.put(upload('bytes'), Date.now(), never)).toEqual({
      etag: '"e"',
      checksumSha256: 'sum',
      sent: true,
    });
    expect(seen).toEqual(['PUT', '/bucket/a%20b.jpg', 'image/jpeg', 'bytes']);
  });

  test('tells a refusal by its status, code and Retry-After', async () => {
    const uploader = await uploaderTo((request, response) => {
      request.resume();
      response.writeHead(503, { 'retry-after': '7' });
      response.end('<?xml version="1.0"?><Error><Code>SlowDown</Code></Error>');
    });
    const refused: unknown = await uploader
      .put(upload('x'), 0, never)
      .catch((error: unknown) => error);
    expect(s3ErrorOf(refused)).toEqual({ code: 'SlowDown', status: 503, retryAfter: '7' });
  });

  test('takes a new connection where the server has closed the one that was kept', async () => {
    const served = new Map<unknown, number>();
    const uploader = await uploaderTo((request, response) => {
      const before = served.get(request.socket) ?? 0;
      served.set(request.socket, before + 1);
      request.resume();
      if (before > 0) request.socket.destroy();
      else request.on('end', () => response.setHeader('ETag', '"e"').end());
    });
    for (let round = 0; round < 3; round += 1) {
      expect((await uploader.put(upload('x'), 0, never)).etag).toBe('"e"');
    }
    expect(served.size).toBeGreaterThan(1);
  });

  test('does not ask twice where a new connection breaks', async () => {
    let requests = 0;
    const uploader = await uploaderTo((request) => {
      requests += 1;
      request.socket.destroy();
    });
    const failed: unknown = await uploader
      .put(upload('x'), 0, never)
      .catch((error: unknown) => error);
    expect(s3ErrorOf(failed).code).toBe('ECONNRESET');
    expect(requests).toBe(1);
  });

  test('stops when it is cancelled', async () => {
    const stop = new AbortController();
    const uploader = await uploaderTo(() => {
      stop.abort();
    });
    const failed: unknown = await uploader
      .put(upload('x'), 0, stop.signal)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ failure: { code: 'cancelled' } });
  });
});
