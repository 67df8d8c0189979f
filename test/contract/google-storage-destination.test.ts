import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  hangingSource,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { startGoogleStorage } from '../support/doubles/google-storage.ts';
import { GoogleRefusal } from '../support/doubles/google-storage/refusals.ts';
import {
  startHttpProxy,
  type HttpProxy,
  type SeenHttpRequest,
} from '../support/network/http-proxy.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { destinationContract } from './destination-contract.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;
const google = await startGoogleStorage();
afterAll(google.close);
const secrets = { GOOGLE_SERVICE_ACCOUNT_KEY: google.key };

function urlIn(bucket: string, folder = '', port = google.port): string {
  return `gs://${bucket}${folder}?endpoint=http://127.0.0.1:${String(port)}`;
}

const outcome = (work: Promise<unknown>) => work.then(() => null, failureOf);

function clockAt(now: number): FakeClock {
  const clock = new FakeClock();
  clock.wallOffset = now - clock.monotonic();
  return clock;
}

async function checked(url: string, given: Readonly<Record<string, string>>) {
  const destination = await openDestination(url, given);
  try {
    return await outcome(destination.check(signal));
  } finally {
    await destination.close();
  }
}

destinationContract('Google Cloud Storage (double)', () => {
  const url = urlIn(google.makeBucket(), '/사진 100%25');
  return Promise.resolve({ manyObjects: 1200, open: () => openDestination(url, secrets) });
});

destinationContract('Google Cloud Storage (double), decorated', () => {
  const url = urlIn(google.makeBucket());
  return Promise.resolve({ open: async () => decorated(await openDestination(url, secrets)) });
});

describe('signing in to Google Cloud Storage', () => {
  afterEach(() => {
    google.tokens.lifetime = 3599;
    google.tokens.open = false;
    google.moods.refusal = null;
  });

  test('the key may come as text or as the file that Google’s programs look for', async () => {
    const url = urlIn(google.makeBucket());
    const folder = await mkdtemp(join(tmpdir(), 'cloudroll-key-'));
    const path = join(folder, 'key.json');
    await writeFile(path, google.key);
    expect(await checked(url, { GOOGLE_APPLICATION_CREDENTIALS: path })).toBeNull();
    expect(await checked(url, { GOOGLE_SERVICE_ACCOUNT_KEY: google.key })).toBeNull();
    const missing = { GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'none.json') };
    expect(await checked(url, missing)).toMatchObject({ code: 'auth' });
    await rm(folder, { recursive: true });
  });

  test('test servers take the place of Google where they are set', async () => {
    const bucket = google.makeBucket();
    const destination = await openDestination(
      `gs://${bucket}`,
      { GOOGLE_SERVICE_ACCOUNT_KEY: google.key.replace(google.address, 'http://127.0.0.1:9') },
      {
        endpoints: (service) =>
          /^(?:gs|google-sign-in)$/u.test(service) ? google.address : undefined,
      },
    );
    expect(await outcome(destination.check(signal))).toBeNull();
    await destination.close();
  });

  test('an emulator on this computer needs no key, and Google always does', async () => {
    const url = urlIn(google.makeBucket());
    expect(await checked(url, {})).toMatchObject({ code: 'auth' });
    google.tokens.open = true;
    expect(await checked(url, {})).toBeNull();
    const destination = await openDestination(url, {});
    const bytes = someBytes(9 * mebibyte);
    await destination.put('a.jpg', sourceOf(bytes), { resume: new TokenStore() }, signal);
    expect(sha256Of(await collect(destination.open('a.jpg', null, signal)))).toBe(sha256Of(bytes));
    await destination.close();
  });

  test('many requests at once ask for one token, and one that is revoked is replaced', async () => {
    const bucket = google.makeBucket();
    const asked = google.tokens.asked;
    const destination = await openDestination(urlIn(bucket), secrets);
    const names = Array.from({ length: 12 }, (_value, index) => `${String(index)}.jpg`);
    await Promise.all(
      names.map((name) => destination.put(name, sourceOf(someBytes(9)), {}, signal)),
    );
    expect(google.tokens.asked).toBe(asked + 1);
    google.tokens.revokeTokens();
    expect(await destination.stat('1.jpg', signal)).toMatchObject({ bytes: 9 });
    expect(google.tokens.asked).toBe(asked + 2);
    await destination.close();
  });

  test('a token is asked for again before it ends, and not sooner', async () => {
    google.tokens.lifetime = 300;
    const clock = clockAt(Date.now());
    const asked = google.tokens.asked;
    const destination = await openDestination(urlIn(google.makeBucket()), secrets, { clock });
    await destination.check(signal);
    clock.advance(200_000);
    await destination.check(signal);
    expect(google.tokens.asked).toBe(asked + 1);
    clock.advance(50_000);
    await destination.check(signal);
    expect(google.tokens.asked).toBe(asked + 2);
    await destination.close();
  });

  test('whoever is cancelled while a token is fetched does not take it from the others', async () => {
    const destination = await openDestination(urlIn(google.makeBucket()), secrets);
    const controller = new AbortController();
    const cancelled = outcome(destination.stat('a.jpg', controller.signal));
    const other = destination.stat('a.jpg', signal);
    controller.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
    expect(await other).toBeNull();
    await destination.close();
  });

  test('each way in which a key can be wrong is told apart', async () => {
    const url = urlIn(google.makeBucket());
    const with_ = (change: object): Record<string, string> => {
      const key: unknown = JSON.parse(google.key);
      return { GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(Object.assign({}, key, change)) };
    };
    const cases: readonly (readonly [Record<string, string>, string])[] = [
      [{ GOOGLE_SERVICE_ACCOUNT_KEY: 'a key' }, 'not a service account key'],
      [with_({ type: 'authorized_user' }), 'sign-in of a person'],
      [with_({ private_key: 'none' }), 'damaged'],
      [with_({ token_uri: 'https://example.org/token' }), 'not Google’s'],
      [with_({ universe_domain: 's3nsapis.fr' }), 'other than Google’s own'],
      [with_({ client_email: 'nobody@photos.iam.gserviceaccount.com' }), 'does not accept the key'],
    ];
    for (const [given, message] of cases) {
      const failure = await checked(url, given);
      expect(failure).toMatchObject({ code: 'auth' });
      expect(failure?.message).toContain(message);
      expect(failure?.hint).not.toBe('');
      expect(JSON.stringify(failure)).not.toContain('PRIVATE KEY');
    }
    const nowhere = await checked('gs://photos-backup', {});
    expect(nowhere).toMatchObject({ code: 'auth' });
    expect(nowhere?.hint).toContain('GOOGLE_APPLICATION_CREDENTIALS');
  });

  test('a wrong clock is named as what it is', async () => {
    const url = urlIn(google.makeBucket());
    const clock = clockAt(Date.now() + 3_600_000);
    const destination = await openDestination(url, secrets, { clock });
    const failure = await outcome(destination.check(signal));
    expect(failure).toMatchObject({ code: 'auth' });
    expect(failure?.message).toContain('clock');
    await destination.close();
  });

  test('a bucket that is not there is said so, and no file in it is called missing', async () => {
    const url = urlIn('photos-nobody-has');
    const failure = await checked(url, secrets);
    expect(failure).toMatchObject({ code: 'notFound' });
    const destination = await openDestination(url, secrets);
    for (const work of [
      destination.stat('a.jpg', signal),
      destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal),
      destination.put('b.jpg', sourceOf(someBytes(9 * mebibyte)), {}, signal),
    ]) {
      expect((await outcome(work))?.message).toContain('There is no bucket');
    }
    await destination.close();
  });

  test.each([
    [
      403,
      'forbidden',
      'x does not have storage.objects.create access to y.',
      'auth',
      'storage.objects.create',
    ],
    [403, 'accountDisabled', 'The billing account is disabled in state closed.', 'auth', 'billing'],
    [403, 'accessNotConfigured', 'Cloud Storage JSON API has not been used.', 'auth', 'API'],
    [
      400,
      'required',
      'Bucket is a requester pays bucket but no user project provided.',
      'unsupported',
      'Requester Pays',
    ],
    [
      403,
      'retentionPolicyNotMet',
      'Object is subject to the retention policy.',
      'unsupported',
      'set time',
    ],
    [403, 'rateLimitExceeded', 'Slow down.', 'rateLimited', 'slow down'],
    [429, 'rateLimitExceeded', 'Slow down.', 'rateLimited', 'slow down'],
    [503, 'backendError', 'Backend Error', 'serverError', 'error of its own'],
    [400, 'invalidArgument', 'Something else.', 'unsupported', 'invalidArgument'],
  ])('%d %s (%s) is %s and says what it means', async (status, reason, text, code, part) => {
    google.moods.refusal = new GoogleRefusal(status, reason, text);
    const failure = await checked(urlIn(google.makeBucket()), secrets);
    expect(failure).toMatchObject({ code });
    expect(failure?.message).toContain(part);
  });
});

describe('faults before Google Cloud Storage', () => {
  let proxy: HttpProxy;
  let bucket: string;
  let direct: Destination;
  let destination: Destination;

  beforeEach(async () => {
    bucket = google.makeBucket();
    proxy = await startHttpProxy(google.port);
    direct = await openDestination(urlIn(bucket), secrets);
    destination = await openDestination(urlIn(bucket, '', proxy.port), secrets);
    await destination.check(signal);
  });
  afterEach(async () => {
    google.moods.keeps = Infinity;
    google.moods.pageSize = 1000;
    await destination.close();
    await direct.close();
    await proxy.close();
  });

  const truly = async (key: string): Promise<string | null> =>
    (await direct.stat(key, signal)) === null
      ? null
      : sha256Of(await collect(direct.open(key, null, signal)));
  const isUpload = ({ path }: SeenHttpRequest): boolean => path.startsWith('/upload/');
  const isPart = ({ headers }: SeenHttpRequest): boolean =>
    /^bytes \d/u.test(headers['content-range'] ?? '');
  const isLastPart = (request: SeenHttpRequest): boolean =>
    isPart(request) && request.headers['x-goog-hash'] !== undefined;

  test('a file is proven by the MD5 of the service, whatever its size', async () => {
    for (const [key, count] of [
      ['a.jpg', 1000],
      ['b.jpg', 9 * mebibyte],
    ] as const) {
      const result = await destination.put(key, sourceOf(someBytes(count)), {}, signal);
      expect(result.evidence).toBe('server-md5');
      const info = await destination.stat(key, signal);
      expect(info?.tag).toBe(result.tag);
      expect(info?.hashes).toEqual(result.hashes);
      expect(result.hashes.crc32c).toMatch(/^[0-9a-f]{8}$/u);
    }
  });

  test('without an MD5, as of objects put together from several, nothing is called proven', async () => {
    proxy.behave({
      replyBody: (request, body) =>
        isUpload(request)
          ? Buffer.from(body.toString().replace(/"md5Hash":"[^"]*",/u, ''))
          : undefined,
    });
    const result = await destination.put('a.jpg', sourceOf(someBytes(1000)), {}, signal);
    expect(result.evidence).toBeNull();
  });

  test.each([
    ['a small', 100_000],
    ['a large', 9 * mebibyte],
  ])('%s file with a wrong byte is refused and leaves nothing', async (_size, count) => {
    proxy.behave({
      body: (request) =>
        isUpload(request) && request.body.length > 50_000
          ? request.body.fill(0, 40_000, 40_001)
          : undefined,
    });
    const bytes = someBytes(count);
    for (let at = 39_000; at < 41_000; at += 1) bytes[at] = 7;
    const put = destination.put('wrong.jpg', sourceOf(bytes), {}, signal);
    expect(await outcome(put)).toMatchObject({ code: 'corrupt' });
    expect(await truly('wrong.jpg')).toBeNull();
  });

  test.each([
    ['md5Hash', 50_000],
    ['crc32c', 50_000],
    ['size', 50_000],
    ['md5Hash', 9 * mebibyte],
    ['crc32c', 9 * mebibyte],
  ])('a service that stored something else (%s, %d bytes) loses it again', async (field, count) => {
    const others = { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==', crc32c: 'AAAAAA==', size: '17' };
    const lie = `"${field}":"${Reflect.get(others, field) as string}"`;
    proxy.behave({
      replyBody: (request, body) =>
        isUpload(request)
          ? Buffer.from(body.toString().replace(new RegExp(`"${field}":"[^"]*"`, 'u'), lie))
          : undefined,
    });
    const put = destination.put('other.jpg', sourceOf(someBytes(count)), {}, signal);
    expect(await outcome(put)).toMatchObject({ code: 'corrupt' });
    expect(await truly('other.jpg')).toBeNull();
  });

  test.each([
    ['a small', 50_000, isUpload],
    ['a large', 9 * mebibyte, isLastPart],
  ])('%s file whose reply is lost is there once', async (_size, count, publishes) => {
    let lost = 0;
    proxy.behave({
      losesReply: (request) => {
        if (!publishes(request) || lost > 0) return false;
        lost += 1;
        return true;
      },
    });
    const bytes = someBytes(count);
    const put = decorated(destination).put('lost.jpg', sourceOf(bytes), {}, signal);
    // A session that is asked again may still tell what it made.
    expect(['done', 'conflict']).toContain((await outcome(put))?.code ?? 'done');
    expect(lost).toBe(1);
    expect(await truly('lost.jpg')).toBe(sha256Of(bytes));
    expect(google.bucket(bucket).objects.size).toBe(1);
  });

  test('a large file whose reply is lost is recognised as its own where the upload was kept', async () => {
    let lost = 0;
    proxy.behave({
      losesReply: (request) => {
        if (!isLastPart(request) || lost > 0) return false;
        lost += 1;
        return true;
      },
    });
    const resume = new TokenStore();
    const bytes = someBytes(9 * mebibyte);
    const put = decorated(destination).put('lost.jpg', sourceOf(bytes), { resume }, signal);
    expect(await put).toMatchObject({ evidence: 'server-md5', key: 'lost.jpg' });
    expect(resume.token).toBeUndefined();
    expect(google.bucket(bucket).objects.size).toBe(1);
  });

  test('what was made by an upload and removed since is not called there', async () => {
    proxy.behave({ losesReply: isLastPart });
    const resume = new TokenStore();
    const bytes = someBytes(9 * mebibyte);
    await outcome(destination.put('lost.jpg', sourceOf(bytes), { resume }, signal));
    expect(resume.token).toBeDefined();
    proxy.behave({});
    await direct.remove('lost.jpg', signal);
    await destination.put('lost.jpg', sourceOf(bytes), { resume }, signal);
    expect(await truly('lost.jpg')).toBe(sha256Of(bytes));
  });

  test('of two uploads of one name that meet at the end, one is refused', async () => {
    const [first, second] = [someBytes(9 * mebibyte, 1), someBytes(9 * mebibyte, 2)];
    let other: Promise<unknown> | undefined;
    const racing = {
      onProgress: () => {
        other ??= direct.put('race.jpg', sourceOf(second), {}, signal);
      },
    };
    const outcomes = [await outcome(destination.put('race.jpg', sourceOf(first), racing, signal))];
    outcomes.push(await outcome(other ?? Promise.reject(new Error('no race'))));
    const codes = outcomes.map((one) => one?.code ?? 'done').toSorted();
    expect(codes).toEqual(['conflict', 'done']);
    expect(await truly('race.jpg')).toBe(sha256Of(outcomes[0] === null ? first : second));
  });

  test('a storm of 503, 429 and 408 passes, and Retry-After is passed on', async () => {
    proxy.behave({
      answer: (request) =>
        isUpload(request) ? { status: 429, headers: { 'retry-after': '20' } } : undefined,
    });
    const failure = await outcome(destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal));
    expect(failure).toMatchObject({ code: 'rateLimited' });
    expect(Math.abs((failure?.retryAt ?? 0) - Date.now() - 20_000)).toBeLessThan(15_000);
    for (const [key, count] of [
      ['small.jpg', 9],
      ['large.jpg', 20 * mebibyte],
    ] as const) {
      let refusals = 0;
      proxy.behave({
        answer: (request) => {
          if (!isUpload(request) || refusals >= 4) return undefined;
          refusals += 1;
          return { status: [503, 429, 408, 500][refusals % 4] ?? 503 };
        },
      });
      const resume = new TokenStore();
      await decorated(destination).put(key, sourceOf(someBytes(count)), { resume }, signal);
      expect(refusals).toBe(4);
      expect(await truly(key)).toBe(sha256Of(someBytes(count)));
    }
  });

  test('a restart sends only what is missing, and keeps no address of the session in the clear', async () => {
    const bytes = someBytes(30 * mebibyte + 1);
    const resume = new TokenStore();
    const controller = new AbortController();
    const interrupted = hangingSource(bytes, 29 * mebibyte, () => {
      controller.abort();
    });
    const put = destination.put('big.jpg', interrupted, { resume }, controller.signal);
    expect(await outcome(put)).toMatchObject({ code: 'cancelled' });
    expect(await truly('big.jpg')).toBeNull();
    const kept = resume.token ?? '';
    expect(kept).not.toBe('');
    const [session = ''] = google.bucket(bucket).sessions.keys();
    expect(`${kept}${Buffer.from(kept, 'base64url').toString('latin1')}`).not.toContain(session);
    proxy.seen.length = 0;
    const restarted = await openDestination(urlIn(bucket, '', proxy.port), secrets);
    await restarted.put('big.jpg', sourceOf(bytes), { resume }, signal);
    await restarted.close();
    const sent = proxy.seen.filter(isPart).reduce((sum, { body }) => sum + body.length, 0);
    expect(sent).toBe(6 * mebibyte + 1);
    expect(resume.token).toBeUndefined();
    expect(await truly('big.jpg')).toBe(sha256Of(bytes));
  });

  test('a session that has expired, or belongs to another key, begins anew', async () => {
    const bytes = someBytes(20 * mebibyte);
    for (const [key, change] of [
      [
        'expired.jpg',
        () => {
          google.expireSessions();
        },
      ],
      ['sealed.jpg', () => undefined],
    ] as const) {
      const resume = new TokenStore();
      const controller = new AbortController();
      const interrupted = hangingSource(bytes, 17 * mebibyte, () => {
        controller.abort();
      });
      await outcome(destination.put(key, interrupted, { resume }, controller.signal));
      change();
      if (key === 'sealed.jpg')
        resume.token = resume.token?.replace(/.$/u, (last) => (last === 'A' ? 'B' : 'A'));
      await destination.put(key, sourceOf(bytes), { resume }, signal);
      expect(await truly(key)).toBe(sha256Of(bytes));
      expect(resume.token).toBeUndefined();
    }
  });

  test('a session that is lost in the middle is begun anew by the next attempt', async () => {
    const bytes = someBytes(20 * mebibyte);
    let parts = 0;
    proxy.behave({
      answer: (request) => {
        if (isPart(request)) parts += 1;
        if (parts === 2) google.expireSessions();
        return undefined;
      },
    });
    const resume = new TokenStore();
    await decorated(destination).put('a.jpg', sourceOf(bytes), { resume }, signal);
    expect(await truly('a.jpg')).toBe(sha256Of(bytes));
  });

  test('a service that keeps only some of each part gets the rest', async () => {
    google.moods.keeps = 3 * mebibyte;
    const bytes = someBytes(20 * mebibyte + 5);
    let progress = 0;
    const options = {
      onProgress: (taken: number) => {
        expect(taken).toBeGreaterThan(progress);
        progress = taken;
      },
    };
    await destination.put('slow.jpg', sourceOf(bytes), options, signal);
    expect(progress).toBe(bytes.length);
    expect(await truly('slow.jpg')).toBe(sha256Of(bytes));
  });

  test('a session that leads elsewhere gets neither bytes nor tokens there', async () => {
    const other = await startHttpProxy(google.port);
    proxy.behave({
      answer: (request) =>
        request.path.includes('uploadType=resumable') && request.method === 'POST'
          ? {
              status: 200,
              headers: { location: `http://127.0.0.1:${String(other.port)}/upload/x` },
            }
          : undefined,
    });
    const put = destination.put('a.jpg', sourceOf(someBytes(9 * mebibyte)), {}, signal);
    expect(await outcome(put)).not.toBeNull();
    expect(other.seen).toHaveLength(0);
    await other.close();
  });

  test.each([
    ['is no JSON', '<html>Welcome to our Wi-Fi</html>'],
    ['says nothing', '{}'],
    ['was cut off', '{"kind":"storage#objects","items":[{"name":"a'],
    ['repeats itself', '{"kind":"storage#objects","nextPageToken":"again"}'],
  ])('a list that %s is an error, not an empty folder', async (_what, body) => {
    proxy.behave({ answer: ({ path }) => (path === '/token' ? undefined : { status: 200, body }) });
    const listing = async (): Promise<void> => {
      for await (const info of destination.list('', signal)) expect(info).toBeUndefined();
    };
    expect(await outcome(listing())).toMatchObject({ code: 'serverError' });
  });

  test('a list is whole however small the pages are that the service gives', async () => {
    google.moods.pageSize = 2;
    const names = Array.from({ length: 7 }, (_value, index) => `${String(index)}.jpg`);
    for (const name of names) await destination.put(name, sourceOf(someBytes(3)), {}, signal);
    const keys: string[] = [];
    for await (const { key } of destination.list('', signal)) keys.push(key);
    expect(keys).toEqual(names);
  });

  test('folders that a console has made are no files', async () => {
    const { objects } = google.bucket(bucket);
    await destination.put('a/b.jpg', sourceOf(someBytes(9)), {}, signal);
    const made = google.bucket(bucket).require('a/b.jpg');
    objects.set('a/', { ...made, name: 'a/', bytes: Buffer.alloc(0) });
    const keys: string[] = [];
    for await (const { key } of destination.list('', signal)) keys.push(key);
    expect(keys).toEqual(['a/b.jpg']);
  });

  test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
    const tcp = await startTcpProxy(google.port);
    for (const [round, count] of [40_000, 9 * mebibyte].entries()) {
      const bytes = someBytes(count, round + 1);
      for (const cutAfterSent of [100, 3000, count >> 1, count - 100, count + 200]) {
        const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
        const fresh = decorated(await openDestination(urlIn(bucket, '', tcp.port), secrets));
        await fresh.check(signal);
        tcp.breakAfter(cutAfterSent);
        const resume = new TokenStore();
        const put = fresh.put(key, sourceOf(bytes), { resume }, signal).catch(failureOf);
        const result = await put;
        const stored = 'evidence' in result || result.code === 'conflict';
        expect(stored).toBe(true);
        expect(await truly(key)).toBe(sha256Of(bytes));
        await fresh.close();
      }
    }
    expect(tcp.broken()).toBe(10);
    await tcp.close();
  });

  test('a download that breaks off goes on where it stopped', async () => {
    const bytes = someBytes(3 * mebibyte);
    await destination.put('download.jpg', sourceOf(bytes), {}, signal);
    const tcp = await startTcpProxy(google.port);
    const reader = decorated(await openDestination(urlIn(bucket, '', tcp.port), secrets));
    await reader.check(signal);
    tcp.plan((connection) => (connection === 1 ? { cutAfterReceived: 1_000_000 } : undefined));
    const again = decorated(await openDestination(urlIn(bucket, '', tcp.port), secrets));
    const back = await collect(again.open('download.jpg', null, signal));
    expect(sha256Of(back)).toBe(sha256Of(bytes));
    expect(tcp.broken()).toBe(1);
    await again.close();
    await reader.close();
    await tcp.close();
  });
});
