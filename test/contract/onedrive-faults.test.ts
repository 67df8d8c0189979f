import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { decorated } from '../support/destinations/open-destination.ts';
import { openOneDrive } from '../support/destinations/open-onedrive.ts';
import { startOneDrive, type OneDriveDouble } from '../support/doubles/onedrive.ts';
import {
  startHttpProxy,
  type HttpProxy,
  type SeenHttpRequest,
} from '../support/network/http-proxy.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';

const mebibyte = 1024 * 1024;
const signal = new AbortController().signal;

describe('faults before OneDrive', () => {
  let double: OneDriveDouble;
  let proxy: HttpProxy;
  let destination: Destination;

  beforeEach(async () => {
    double = await startOneDrive();
    proxy = await startHttpProxy(double.port);
    destination = await openOneDrive(double, 'Cloudroll', { port: proxy.port });
    await destination.check(signal);
    proxy.seen.length = 0;
  });
  afterEach(async () => {
    proxy.behave({});
    await destination.close();
    await proxy.close();
    await double.close();
  });

  /** What OneDrive really holds. */
  const truly = (key: string): string | null => {
    const bytes = double.graph.store.files().get(`Cloudroll/${key}`);
    return bytes === undefined ? null : sha256Of(bytes);
  };
  const filesThere = (): number =>
    [...double.graph.store.files().keys()].filter((path) => !path.includes('/probe/')).length;
  const isContent = ({ method, path }: SeenHttpRequest): boolean =>
    method === 'PUT' && path.includes(':/content');
  const isFragment = ({ method, path }: SeenHttpRequest): boolean =>
    method === 'PUT' && path.startsWith('/up/');
  const isLast = (request: SeenHttpRequest): boolean => {
    const [, end, total] = /-(\d+)\/(\d+)$/u.exec(request.headers['content-range'] ?? '') ?? [];
    return isFragment(request) && Number(end) + 1 === Number(total);
  };
  const isNewFolder = ({ method, path }: SeenHttpRequest): boolean =>
    method === 'POST' && path.endsWith('/children');

  /** True for the first request that fits. */
  function once(
    fits: (request: SeenHttpRequest) => boolean,
  ): (request: SeenHttpRequest) => boolean {
    let done = false;
    return (request) => {
      if (done || !fits(request)) return false;
      done = true;
      return true;
    };
  }

  test.each([
    ['a small', 50_000, isContent],
    ['a large', 21 * mebibyte, isLast],
  ])('%s file whose reply is lost is there once', async (_size, count, publishes) => {
    const losesReply = once(publishes);
    let lost = 0;
    proxy.behave({
      losesReply: (request) => {
        if (!losesReply(request)) return false;
        lost += 1;
        return true;
      },
    });
    const bytes = someBytes(count);
    const resume = new TokenStore();
    const put = decorated(destination).put('lost.jpg', sourceOf(bytes), { resume }, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
    expect(lost).toBe(1);
    expect(truly('lost.jpg')).toBe(sha256Of(bytes));
    expect(filesThere()).toBe(1);
  });

  test('the lost reply of a fragment or a folder costs nothing', async () => {
    const bytes = someBytes(21 * mebibyte);
    for (const [key, fits] of [
      ['a/1.mov', isFragment],
      ['b/2.mov', isNewFolder],
      ['c/3.mov', ({ path }: SeenHttpRequest) => path.endsWith('createUploadSession')],
    ] as const) {
      proxy.behave({ losesReply: once(fits) });
      const resume = new TokenStore();
      await decorated(destination).put(key, sourceOf(bytes), { resume }, signal);
      expect(truly(key)).toBe(sha256Of(bytes));
      expect(resume.token).toBeUndefined();
    }
    const first = proxy.seen.filter((request) => isFragment(request)).slice(0, 3);
    expect(new Set(first.map(({ headers }) => headers['content-range'])).size).toBe(3);
    expect(filesThere()).toBe(3);
  });

  test.each([
    ['a small', 100_000, isContent],
    ['a large', 21 * mebibyte, isFragment],
  ])('%s file with a wrong byte on its way is refused', async (_size, count, fits) => {
    const wrongs = once(fits);
    proxy.behave({
      body: (request) => {
        if (!wrongs(request)) return undefined;
        const body = Buffer.from(request.body);
        body[5] = (body[5] ?? 0) ^ 1;
        return body;
      },
    });
    const put = destination.put('wrong.jpg', sourceOf(someBytes(count)), {}, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'corrupt' });
    expect(truly('wrong.jpg')).toBeNull();
  });

  test('a fragment that arrives short counts for nothing', async () => {
    const shortens = once(isFragment);
    proxy.behave({
      body: (request) => (shortens(request) ? request.body.subarray(0, 327_680) : undefined),
    });
    const bytes = someBytes(21 * mebibyte);
    const put = destination.put('short.jpg', sourceOf(bytes), {}, signal);
    expect(await put.then(() => null, failureOf)).not.toBeNull();
    expect(truly('short.jpg')).toBeNull();
  });

  test('a storm of 429 and 5xx passes, and Retry-After is passed on', async () => {
    const waits = { 'retry-after': '20' };
    const slowDown = '{"error":{"code":"activityLimitReached","message":"Slow down."}}';
    for (const status of [429, 503, 509]) {
      proxy.behave({ answer: () => ({ status, headers: waits, body: slowDown }) });
      const put = destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
      const failure = await put.then(() => null, failureOf);
      expect(failure).toMatchObject({ code: 'rateLimited' });
      expect(Math.abs((failure?.retryAt ?? 0) - Date.now() - 20_000)).toBeLessThan(10_000);
    }
    for (const [key, count] of [
      ['small.jpg', 9],
      ['large.jpg', 11 * mebibyte],
    ] as const) {
      let refusals = 0;
      const statuses = [429, 500, 503, 504];
      proxy.behave({
        answer: (request) => {
          const status = statuses[refusals];
          if (status === undefined || !(isContent(request) || isFragment(request)))
            return undefined;
          refusals += 1;
          return { status };
        },
      });
      const resume = new TokenStore();
      await decorated(destination).put(key, sourceOf(someBytes(count)), { resume }, signal);
      expect(refusals).toBe(4);
      expect(truly(key)).toBe(sha256Of(someBytes(count)));
    }
    expect(filesThere()).toBe(2);
  });

  test.each([
    [401, 'InvalidAuthenticationToken', 'auth'],
    [403, 'accessDenied', 'auth'],
    [403, 'accountFrozen', 'readOnly'],
    [423, 'resourceLocked', 'serverError'],
    [507, 'insufficientStorage', 'quota'],
    [403, 'quotaLimitReached', 'quota'],
    [400, 'pathIsTooLong', 'unsupported'],
    [403, 'malwareDetected', 'unsupported'],
    [413, 'requestEntityTooLarge', 'unsupported'],
    [400, 'invalidRequest', 'unsupported'],
    [301, 'moved', 'invalid'],
  ])('%s %s is %s, with what to do', async (status, code, expected) => {
    const body = JSON.stringify({ error: { code, message: 'No.', innerError: {} } });
    proxy.behave({ answer: (request) => (isContent(request) ? { status, body } : undefined) });
    const put = destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
    const failure = await put.then(() => null, failureOf);
    expect(failure).toMatchObject({ code: expected });
    expect(failure?.hint ?? '').not.toBe('');
  });

  test('what is inside of an error counts more than what is around it', async () => {
    const innererror = { code: 'nameAlreadyExists' };
    const body = JSON.stringify({ error: { code: 'invalidRequest', message: 'No.', innererror } });
    proxy.behave({ answer: (request) => (isContent(request) ? { status: 400, body } : undefined) });
    const put = destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
  });

  test('answers that are none are errors, and nothing is taken for stored or missing', async () => {
    await destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      stat: () => destination.stat('a.jpg', signal),
      list: async () => {
        for await (const { key } of destination.list('', signal)) expect(key).toBe('a.jpg');
      },
      put: () => destination.put('b.jpg', sourceOf(someBytes(9)), {}, signal),
    };
    const broken = (body: Buffer): string => body.toString('latin1').slice(0, body.length >> 1);
    for (const answer of [broken, () => '<html>', () => '{}']) {
      proxy.behave({
        replyBody: ({ path }, body) =>
          path.startsWith('/v1.0/')
            ? Buffer.from(answer(body).padEnd(body.length), 'latin1')
            : undefined,
      });
      for (const [name, attempt] of Object.entries(attempts)) {
        const outcome = await attempt().then(() => null, failureOf);
        expect(outcome, name).not.toBeNull();
        expect(outcome?.code, name).not.toBe('notFound');
      }
    }
  });

  test('a download that ends early is never taken for the whole', async () => {
    const bytes = someBytes(3 * mebibyte);
    await destination.put('a.jpg', sourceOf(bytes), {}, signal);
    const tcp = await startTcpProxy(double.port);
    const fresh = await openOneDrive(double, 'Cloudroll', { port: tcp.port });
    tcp.plan(() => ({ cutAfterReceived: 2 * mebibyte }));
    const reading = collect(fresh.open('a.jpg', null, signal));
    expect(await reading.then(() => null, failureOf)).toMatchObject({ code: 'offline' });
    expect(tcp.broken()).toBeGreaterThan(0);
    await fresh.close();
    await tcp.close();
  });

  test('a server that falls silent does not hold up who gives up', async () => {
    const tcp = await startTcpProxy(double.port);
    tcp.plan(() => ({ silent: true }));
    for (const count of [1000, 5 * mebibyte]) {
      const silent = await openOneDrive(double, 'Cloudroll', { port: tcp.port });
      const controller = new AbortController();
      const put = silent.put('a.jpg', sourceOf(someBytes(count)), {}, controller.signal);
      setImmediate(() => {
        controller.abort();
      });
      expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'cancelled' });
      await silent.close();
    }
    expect(truly('a.jpg')).toBeNull();
    await tcp.close();
  });

  test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
    const tcp = await startTcpProxy(double.port);
    let files = 0;
    for (const [round, count] of [40_000, 11 * mebibyte].entries()) {
      const bytes = someBytes(count, round + 1);
      for (const cutAfterSent of [100, 1500, count >> 1, count - 100]) {
        const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
        const fresh = decorated(await openOneDrive(double, 'Cloudroll', { port: tcp.port }));
        await fresh.check(signal);
        tcp.breakAfter(cutAfterSent);
        const outcome = await fresh.put(key, sourceOf(bytes), {}, signal).catch(failureOf);
        const stored = 'evidence' in outcome || outcome.code === 'conflict';
        expect(truly(key)).toBe(stored ? sha256Of(bytes) : null);
        if (stored) files += 1;
        await fresh.close();
      }
    }
    expect(tcp.broken()).toBe(8);
    expect(filesThere()).toBe(files);
    await tcp.close();
  });
});
