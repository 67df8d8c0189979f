import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';

import { afterEach, describe, expect, test } from 'vitest';

import { HttpClient } from '../../../electron/engine/destinations/common/http-client.ts';
import { connectionFailure } from '../../../electron/engine/destinations/common/http-failure.ts';

const signal = new AbortController().signal;
/** Short, so that what waits for ever is given up soon; a busy machine makes the servers below only slower. */
const silenceMs = 200;
let server: Server | undefined;
let client: HttpClient | undefined;

afterEach(async () => {
  client?.close();
  server?.closeAllConnections();
  if (server !== undefined) await new Promise((resolve) => server?.close(resolve));
});

async function clientOf(answer: (response: ServerResponse) => void): Promise<HttpClient> {
  server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  client = new HttpClient({ protocol: 'http:', hostname: '127.0.0.1', port }, 2);
  return client;
}

async function failureOfReading(of: HttpClient, patienceMs = silenceMs): Promise<string> {
  try {
    const reply = await of.send({ method: 'GET', path: '/', silenceMs: patienceMs }, signal);
    await reply.bytes(1_000_000);
  } catch (error) {
    return connectionFailure(error).failure.code;
  }
  return 'none';
}

describe('a server that wastes time', () => {
  test('is given up where it takes the request and says nothing', async () => {
    expect(await failureOfReading(await clientOf(() => undefined))).toBe('timeout');
  });

  test('is given up where it falls silent in the middle of a reply', async () => {
    const silent = await clientOf((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x');
    });
    expect(await failureOfReading(silent)).toBe('timeout');
  });

  test('is given up where it sends a byte now and then, for ever', async () => {
    const trickling = await clientOf((response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      const timer = setInterval(() => response.write('x'), silenceMs / 8);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    expect(await failureOfReading(trickling)).toBe('timeout');
  });

  test('is waited for while it is merely slow', async () => {
    const slow = await clientOf((response) => {
      response.writeHead(200, { 'content-length': '40000' });
      let sent = 0;
      const timer = setInterval(() => {
        response.write('x'.repeat(1000));
        sent += 1;
        if (sent < 40) return;
        clearInterval(timer);
        response.end();
      }, silenceMs / 20);
    });
    expect(await failureOfReading(slow, 100 * silenceMs)).toBe('none');
  });
});
