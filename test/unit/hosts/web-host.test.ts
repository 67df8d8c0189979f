import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import type { PictureFile } from '../../../electron/engine/app/app.ts';
import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import { startWebHost, type WebHost } from '../../../electron/hosts/web/web-host.ts';
import { socketChannel } from '../../../electron/hosts/web/socket-channel.ts';
import { AppClient } from '../../../shared/contract/app/client.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { StillClock } from '../../support/catalog/still-clock.ts';
import { fakeApp, type FakeAnswers, type FakeApp } from '../../support/hosts/fake-app.ts';
import { rawRequest, type RawAnswer } from '../../support/hosts/raw-request.ts';

const page = '<!doctype html><html><head><title>x</title></head><body></body></html>';
const photo = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));

let folder: string;
let clock: StillClock;
const hosts: WebHost[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cloudroll-web-'));
  await mkdir(path.join(folder, 'window/assets'), { recursive: true });
  await writeFile(path.join(folder, 'window/index.html'), page);
  await writeFile(path.join(folder, 'window/assets/main-abc.js'), 'export {};');
  await writeFile(path.join(folder, 'secret.txt'), 'not for browsers');
  await writeFile(path.join(folder, 'bridge.js'), 'window.cloudroll = {};');
  await writeFile(path.join(folder, 'photo.jpg'), photo);
  clock = new StillClock(0);
});

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  await rm(folder, { recursive: true });
});

interface Started {
  readonly host: WebHost;
  readonly app: FakeApp;
  readonly token: string;
  /** The headers of a page of this host that has the session. */
  readonly inside: Readonly<Record<string, string>>;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<RawAnswer>;
}

async function start(
  answers: FakeAnswers = {},
  testServers: readonly string[] = [],
): Promise<Started> {
  const app = fakeApp(answers);
  const host = await startWebHost({
    app,
    port: 0,
    windowFolder: path.join(folder, 'window'),
    bridgeFile: path.join(folder, 'bridge.js'),
    random: new SystemRandom(),
    clock,
    logger: silentLogger,
    testServers,
  });
  hosts.push(host);
  const token = new URL(host.address).pathname.slice('/enter/'.length);
  const origin = `http://127.0.0.1:${String(host.port)}`;
  const first = await rawRequest(host.port, { path: `/enter/${token}` });
  const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const inside = { cookie, origin };
  const get: Started['get'] = (where, headers = {}) =>
    rawRequest(host.port, { path: where, headers: { ...inside, ...headers } });
  return { host, app, token, inside, get };
}

function pictureFile(): PictureFile {
  return {
    path: path.join(folder, 'photo.jpg'),
    size: photo.length,
    mime: 'image/jpeg',
    tag: 'a1',
  };
}

async function eraOf({ get }: Started): Promise<string> {
  const { body } = await get('/');
  return /data-era="([^"]+)"/u.exec(body.toString())?.[1] ?? '';
}

function connect({ host, inside }: Started, headers = inside, where = '/engine'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${String(host.port)}${where}`, { headers });
}

/** The status that an upgrade is refused with; null where it is let in. */
function refusalOf(socket: WebSocket): Promise<number | null> {
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      resolve(null);
      socket.close();
    });
    socket.on('unexpected-response', (_request, answer) => {
      resolve(answer.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

describe('who gets in', () => {
  it('gives a session to whoever shows the token, and takes the token out of the address', async () => {
    const { host, token } = await start();
    const answer = await rawRequest(host.port, { path: `/enter/${token}` });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/u);
    expect(cookie).not.toContain(token);
  });

  it.each([
    '/',
    '/index.html',
    '/bridge.js',
    '/assets/main-abc.js',
    '/enter/wrong',
    '/enter/',
    '/enter/%ff',
    '/engine',
  ])('shows %s to nobody without the session', async (where) => {
    const { host } = await start();
    const answer = await rawRequest(host.port, { path: where });
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body.toString()).toContain('열쇠');
  });

  it('takes the token only at the first page', async () => {
    const { host, token } = await start();
    const elsewhere = await rawRequest(host.port, { path: `/bridge.js?token=${token}` });
    expect(elsewhere.status).toBe(401);
    const posted = await rawRequest(host.port, {
      method: 'POST',
      path: `/enter/${token}`,
      headers: { origin: `http://127.0.0.1:${String(host.port)}` },
    });
    expect(posted.status).toBe(405);
  });

  it('refuses the session of another start', async () => {
    const before = await start();
    const now = await start();
    const [, value = ''] = before.inside['cookie']?.split('=') ?? [];
    const [name = ''] = now.inside['cookie']?.split('=') ?? [];
    expect((await now.get('/', { cookie: `${name}=${value}` })).status).toBe(401);
  });

  it.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example:80', '[::1]'])(
    'refuses the host %s even with the session and the token',
    async (name) => {
      const { get, token } = await start();
      expect((await get('/', { host: name })).status).toBe(421);
      const answer = await get(`/enter/${token}`, { host: name });
      expect(answer.status).toBe(421);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('is reached as localhost too', async () => {
    const { host, token } = await start();
    const name = `localhost:${String(host.port)}`;
    const answer = await rawRequest(host.port, {
      path: `/enter/${token}`,
      headers: { host: name },
    });
    expect(answer.status).toBe(303);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1'])(
    'refuses a page of the origin %s',
    async (origin) => {
      const { get, host, inside } = await start();
      expect((await get('/', { origin })).status).toBe(403);
      const socket = new WebSocket(`ws://127.0.0.1:${String(host.port)}/engine`, {
        headers: { ...inside, origin },
      });
      expect(await refusalOf(socket)).toBe(403);
    },
  );

  it.each(['cross-site', 'same-site'])('refuses what a browser marks as %s', async (site) => {
    const { get } = await start();
    expect((await get('/', { 'sec-fetch-site': site })).status).toBe(403);
  });

  it('upgrades only with the session, from its own page and at its own address', async () => {
    const started = await start();
    const { cookie = '', origin = '' } = started.inside;
    expect(await refusalOf(connect(started))).toBeNull();
    expect(await refusalOf(connect(started, { origin }))).toBe(401);
    expect(await refusalOf(connect(started, { cookie }))).toBe(403);
    expect(await refusalOf(connect(started, started.inside, '/'))).toBe(404);
    expect(await refusalOf(connect(started, { ...started.inside, host: 'evil.example' }))).toBe(
      403,
    );
  });

  it('listens on the loopback interface alone', async () => {
    const { host } = await start();
    expect(host.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enter\/[\w-]{43}$/u);
  });
});

describe('pages', () => {
  it('tells the bridge of test servers on this computer, and of no others', async () => {
    const servers = [
      'http://127.0.0.1:4711',
      'http://evil.example',
      'http://localhost:1"><script>',
    ];
    const { get } = await start({}, servers);
    const page = (await get('/')).body.toString();
    expect(page).toContain(' data-test-servers="http://127.0.0.1:4711"></script>');
    expect(page).not.toMatch(/evil|localhost/u);
  });

  it('puts the bridge before the window’s own script and keeps every page strict', async () => {
    const { get, host } = await start();
    const answer = await get('/');
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toMatch(
      /<head>\s*<script src="\/bridge\.js" data-era="[\w-]+">/u,
    );
    const policy = answer.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${String(host.port)}`);
    expect(policy).not.toMatch(/unsafe|\*/u);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  it('gives every view of the window the same page', async () => {
    const { get } = await start();
    expect((await get('/albums/12')).body.toString()).toContain('<title>x</title>');
  });

  it('serves files whose names hold their hash for good, and knows them again', async () => {
    const { get } = await start();
    const answer = await get('/assets/main-abc.js');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const again = await get('/assets/main-abc.js', { 'if-none-match': answer.headers.etag ?? '' });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  it('serves a new build without being started again', async () => {
    const { get } = await start();
    await get('/');
    await writeFile(path.join(folder, 'window/assets/main-def.js'), 'new');
    await writeFile(path.join(folder, 'window/index.html'), `${page}<!-- new -->`);
    expect((await get('/assets/main-def.js')).body.toString()).toBe('new');
  });

  it('says how to build a window that is not built', async () => {
    const { get } = await start();
    await rm(path.join(folder, 'window'), { recursive: true });
    const answer = await get('/');
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toContain('npm run build');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/secret.txt%00.js',
    '/file:///etc/passwd',
  ])('never leaves the window’s folder: %s', async (where) => {
    const { get } = await start();
    const answer = await get(where);
    expect(answer.body.toString()).not.toContain('not for browsers');
    expect([200, 404]).toContain(answer.status);
    if (answer.status === 200) expect(answer.body.toString()).toContain('<title>x</title>');
  });

  it('answers any path without falling over', async () => {
    const { get, host } = await start();
    const part = fc.stringMatching(/^[!-~]{0,30}$/u);
    await fc.assert(
      fc.asyncProperty(part, async (rest) => {
        const answer = await get(`/${rest}`);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
    expect(host.port).toBeGreaterThan(0);
  });

  it('takes no other methods', async () => {
    const { host, inside } = await start();
    for (const method of ['POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS']) {
      const answer = await rawRequest(host.port, { method, path: '/', headers: inside });
      expect(answer.status).toBe(405);
    }
  });
});

describe('pictures', () => {
  it('asks the app by id and size, and hands the file out', async () => {
    const picture = vi.fn(() => Promise.resolve(pictureFile()));
    const started = await start({ picture });
    const era = await eraOf(started);
    const answer = await started.get(`/pictures/${era}/a1/grid`);
    expect(picture).toHaveBeenCalledWith('a1', 'grid', expect.anything());
    expect(answer.status).toBe(200);
    expect(answer.body.equals(photo)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'accept-ranges': 'bytes',
      'content-length': '1000',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const again = await started.get(`/pictures/${era}/a1/grid`, {
      'if-none-match': answer.headers.etag ?? '',
    });
    expect(again.status).toBe(304);
  });

  it.each([
    '/pictures/ERA/A1/grid',
    '/pictures/ERA/a1/huge',
    '/pictures/other/a1/grid',
    '/pictures/ERA/a1',
    '/pictures/ERA/a1/grid/x',
    '/pictures/ERA/..%2f/grid',
  ])('knows nothing of %s', async (where) => {
    const picture = vi.fn(() => Promise.resolve(pictureFile()));
    const started = await start({ picture });
    const era = await eraOf(started);
    expect((await started.get(where.replace('ERA', era))).status).toBe(404);
    expect(picture).not.toHaveBeenCalled();
  });

  it('says 404, not to be kept, where there can be no picture', async () => {
    const started = await start({ picture: () => Promise.resolve(null) });
    const answer = await started.get(`/pictures/${await eraOf(started)}/a1/preview`);
    expect(answer.status).toBe(404);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('says 404 where the file went away or is another one by now', async () => {
    const started = await start({
      picture: (asset) =>
        Promise.resolve(
          asset === 'gone'
            ? { ...pictureFile(), path: path.join(folder, 'nothing.jpg') }
            : { ...pictureFile(), size: 7 },
        ),
    });
    const era = await eraOf(started);
    expect((await started.get(`/pictures/${era}/gone/original`)).status).toBe(404);
    expect((await started.get(`/pictures/${era}/a1/original`)).status).toBe(404);
  });

  it('gives any part that is asked for', async () => {
    const started = await start({ picture: () => Promise.resolve(pictureFile()) });
    const era = await eraOf(started);
    await fc.assert(
      fc.asyncProperty(fc.nat(1200), fc.nat(1200), async (from, length) => {
        const range = `bytes=${String(from)}-${String(from + length)}`;
        const answer = await started.get(`/pictures/${era}/a1/original`, { range });
        const wanted = photo.subarray(from, from + length + 1);
        if (wanted.length === 0) {
          expect(answer.status).toBe(416);
          expect(answer.headers['content-range']).toBe('bytes */1000');
          return;
        }
        expect(answer.status).toBe(206);
        expect(answer.body.equals(wanted)).toBe(true);
        expect(answer.headers['content-range']).toBe(
          `bytes ${String(from)}-${String(from + wanted.length - 1)}/1000`,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('sends the whole where the part belongs to older bytes', async () => {
    const started = await start({ picture: () => Promise.resolve(pictureFile()) });
    const answer = await started.get(`/pictures/${await eraOf(started)}/a1/original`, {
      range: 'bytes=0-9',
      'if-range': '"older"',
    });
    expect(answer.status).toBe(200);
  });

  it('stops the work for a picture that nobody waits for any more', async () => {
    const { promise: stopped, resolve } = Promise.withResolvers<boolean>();
    const { promise: asked, resolve: wasAsked } = Promise.withResolvers<undefined>();
    const started = await start({
      picture: (_asset, _size, signal) =>
        new Promise((_resolve, reject) => {
          wasAsked(undefined);
          signal.addEventListener('abort', () => {
            resolve(true);
            reject(fail('cancelled', 'The work was cancelled.'));
          });
        }),
    });
    const era = await eraOf(started);
    const leaving = new AbortController();
    const request = fetch(`http://127.0.0.1:${String(started.host.port)}/pictures/${era}/a1/grid`, {
      headers: started.inside,
      signal: leaving.signal,
    });
    await asked;
    leaving.abort();
    await expect(request).rejects.toThrow();
    expect(await stopped).toBe(true);
  });
});

describe('uploads', () => {
  it('hands the bytes on as they come', async () => {
    const chunks: Uint8Array[] = [];
    const started = await start({
      receive: async (batch, item, bytes) => {
        expect([batch, item]).toEqual(['b-1', 'i-2']);
        for await (const chunk of bytes) chunks.push(chunk);
      },
    });
    const answer = await rawRequest(started.host.port, {
      method: 'PUT',
      path: '/uploads/b-1/i-2',
      headers: started.inside,
      body: photo,
    });
    expect(answer.status).toBe(204);
    expect(Buffer.concat(chunks).equals(photo)).toBe(true);
  });

  it('tells a failure as data', async () => {
    const started = await start({
      receive: () =>
        Promise.reject(fail('diskFull', 'The disk is full.', { hint: 'Free some space.' })),
    });
    const answer = await rawRequest(started.host.port, {
      method: 'PUT',
      path: '/uploads/b/i',
      headers: started.inside,
      body: photo,
    });
    expect(answer.status).toBe(507);
    expect(JSON.parse(answer.body.toString())).toEqual({
      failure: { code: 'diskFull', message: 'The disk is full.', hint: 'Free some space.' },
    });
  });

  it('takes nothing from elsewhere, not even with the session', async () => {
    const receive = vi.fn(() => Promise.resolve());
    const { host, inside } = await start({ receive });
    const put = (headers: Readonly<Record<string, string>>) =>
      rawRequest(host.port, { method: 'PUT', path: '/uploads/b/i', headers, body: photo });
    expect((await put({ cookie: inside['cookie'] ?? '' })).status).toBe(403);
    expect((await put({ ...inside, origin: 'http://evil.example' })).status).toBe(403);
    expect((await put({ origin: inside['origin'] ?? '' })).status).toBe(401);
    expect(receive).not.toHaveBeenCalled();
  });
});

describe('the engine over a WebSocket', () => {
  it('answers calls, tells failures and events', async () => {
    const started = await start({
      handlers: { 'timeline.cameras': () => Promise.resolve(['Canon EOS R5']) },
    });
    const socket = connect(started);
    await new Promise((resolve) => socket.once('open', resolve));
    const client = new AppClient(socketChannel(socket));
    expect(await client.call('timeline.cameras', {})).toEqual(['Canon EOS R5']);
    await expect(client.call('albums.list', {})).rejects.toMatchObject({
      failure: { code: 'unsupported' },
    });
    const told = new Promise((resolve) => client.on('finished', resolve));
    started.app.announce('finished', { photos: 3 });
    expect(await told).toEqual({ photos: 3 });
    client.close();
    await vi.waitFor(() => {
      expect(started.app.listeners.size).toBe(0);
    });
  });

  it('lets a window go that sends more than any message has', async () => {
    const started = await start();
    const socket = connect(started);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send('x'.repeat(17 * 1024 * 1024));
    expect(await closed).toBe(1009);
  });

  it('lets a window go that speaks another language', async () => {
    const started = await start();
    const socket = connect(started);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send('{not json');
    expect(await closed).toBe(1003);
  });

  it('lets a window go that does not answer to its heartbeat', async () => {
    const started = await start();
    const socket = new WebSocket(`ws://127.0.0.1:${String(started.host.port)}/engine`, {
      headers: started.inside,
      autoPong: false,
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const pinged = new Promise((resolve) => socket.once('ping', resolve));
    clock.advance(30_000);
    await pinged;
    clock.advance(30_000);
    expect(await closed).toBe(1006);
  });

  it('goes with the host', async () => {
    const started = await start();
    const socket = connect(started);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await hosts.pop()?.close();
    await closed;
    expect(started.app.listeners.size).toBe(0);
  });
});
