import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { HttpClient } from '../../../electron/engine/destinations/common/http-client.ts';
import { connectionFailure } from '../../../electron/engine/destinations/common/http-failure.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import { freePort } from '../../support/services/local-server.ts';

const signal = new AbortController().signal;
const provider = {
  protocol: 'https:',
  hostname: 'content.dropboxapi.com',
  port: undefined,
} as const;
const servers: Server[] = [];
const clients: HttpClient[] = [];

beforeEach(() => {
  for (const name of ['NO_PROXY', 'no_proxy', 'https_proxy']) vi.stubEnv(name, '');
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) server.close();
});

/** A proxy that hears the first words of each connection, and answers them so. */
async function proxyThat(answers: (socket: Socket, words: string) => void): Promise<number> {
  const proxy = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (words) => {
      answers(socket, words.toString());
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  servers.push(proxy);
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${String(address.port)}`);
  return address.port;
}

async function failureOfRequest(silenceMs?: number): Promise<Failure | undefined> {
  const client = new HttpClient(provider, 2);
  clients.push(client);
  const limit = silenceMs === undefined ? {} : { silenceMs };
  const sending = client.send({ method: 'GET', path: '/', ...limit }, signal);
  return sending.then(
    () => undefined,
    (error: unknown) => connectionFailure(error).failure,
  );
}

test('the proxy of the environment is asked for a way to the server', async () => {
  const asked: string[] = [];
  await proxyThat((socket, words) => {
    asked.push(words.split('\r\n')[0] ?? '');
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  expect(await failureOfRequest()).toMatchObject({
    code: 'offline',
    message: 'The proxy of this computer opens no way to the server.',
  });
  expect(asked).toEqual(['CONNECT content.dropboxapi.com:443 HTTP/1.1']);
});

test('a proxy that is gone, hangs up or says nothing is a failure, not a wait', async () => {
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${String(await freePort())}`);
  expect(await failureOfRequest()).toMatchObject({ code: 'offline' });
  await proxyThat((socket) => socket.destroy());
  expect(await failureOfRequest()).toMatchObject({ code: 'offline' });
  await proxyThat(() => undefined);
  const { code } = (await failureOfRequest(200)) ?? {};
  expect(['offline', 'timeout']).toContain(code);
});

test('a way on which TLS never begins is given up', async () => {
  await proxyThat((socket) => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  expect(await failureOfRequest(200)).toMatchObject({ code: 'timeout' });
});

test('a server without TLS is asked through the proxy too, and one of this computer is not', async () => {
  const asked: string[] = [];
  const port = await proxyThat((socket, words) => {
    asked.push(words.split('\r\n')[0] ?? '');
    socket.end('HTTP/1.1 204 No Content\r\n\r\n');
  });
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${String(port)}`);
  vi.stubEnv('NO_PROXY', 'localhost,127.0.0.1,::1');
  for (const hostname of ['nas.example', '127.0.0.1']) {
    const own = new HttpClient({ protocol: 'http:', hostname, port }, 1);
    const reply = await own.send({ method: 'GET', path: '/photos' }, signal);
    expect(reply.status).toBe(204);
    own.close();
  }
  expect(asked).toEqual([
    `GET http://nas.example:${String(port)}/photos HTTP/1.1`,
    'GET /photos HTTP/1.1',
  ]);
});
