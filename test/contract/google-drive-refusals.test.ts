import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { DriveStage } from '../support/destinations/drive-stage.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { driveUrl, openDrive, signedInAt } from '../support/destinations/open-google-drive.ts';
import type { SeenHttpRequest } from '../support/network/http-proxy.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

let stage: DriveStage;
beforeEach(async () => {
  stage = await DriveStage.set();
});
afterEach(() => stage.clear());

const failureOfPut = (put: Promise<unknown>): Promise<unknown> => put.then(() => null, failureOf);
const isUpload = ({ method, path }: SeenHttpRequest): boolean =>
  path.startsWith('/upload/') && (method === 'PUT' || path.includes('uploadType=multipart'));

describe('replies that are not what was asked for', () => {
  test('a file that comes back short, whole where a part was asked for, or as a page, is an error', async () => {
    await stage.destination.put('a.jpg', sourceOf(someBytes(1000)), {}, signal);
    for (const [status, body] of [
      [200, 'short'],
      [206, 'short'],
      [200, 'x'.repeat(2000)],
      [302, '<html></html>'],
    ] as const) {
      stage.proxy.behave({
        answer: ({ path }) => (path.includes('alt=media') ? { status, body } : undefined),
      });
      for (const range of [null, { start: 5, end: 500 }]) {
        const reading = collect(stage.destination.open('a.jpg', range, signal));
        expect(await reading.then(() => null, failureOf)).not.toBeNull();
      }
    }
  });

  test('a name that Drive changes is not taken for stored', async () => {
    stage.proxy.behave({
      replyBody: ({ path }, body) =>
        path.includes('uploadType=multipart')
          ? Buffer.from(body.toString().replace('"name":"a.jpg"', '"name":"A.jpg"'))
          : undefined,
    });
    const put = stage.destination.put('a.jpg', sourceOf(someBytes(1000)), {}, signal);
    expect(await failureOfPut(put)).toMatchObject({ code: 'unsupported' });
    expect(stage.truly('a.jpg')).toEqual([]);
  });

  test('a session at another address gets neither photo nor token', async () => {
    for (const location of ['https://elsewhere.example/x?upload_id=1', 'nonsense', '']) {
      stage.proxy.behave({
        answer: ({ path }) =>
          path.includes('uploadType=resumable')
            ? { status: 200, headers: { location } }
            : undefined,
      });
      const put = stage.destination.put('a.jpg', sourceOf(someBytes(6 * mebibyte)), {}, signal);
      expect(await failureOfPut(put)).toMatchObject({ code: 'serverError' });
    }
  });
});

describe('refusals of Google Drive', () => {
  const refusal = (status: number, reason: string, headers = {}) => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error: { code: status, errors: [{ reason, message: 'x' }] } }),
  });

  test('a storm of 403, 429 and 500 passes, and Retry-After is passed on', async () => {
    const clock = new FakeClock();
    const storm = await openDrive(stage.access, stage.proxy.port, { clock });
    for (const [status, reason] of [
      [403, 'userRateLimitExceeded'],
      [403, 'rateLimitExceeded'],
      [429, 'tooManyRequests'],
    ] as const) {
      stage.proxy.behave({
        answer: (request) =>
          isUpload(request) ? refusal(status, reason, { 'retry-after': '30' }) : undefined,
      });
      const put = storm.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
      expect(await failureOfPut(put)).toMatchObject({
        code: 'rateLimited',
        retryAt: clock.now() + 30_000,
      });
    }
    for (const size of [9, 9 * mebibyte]) {
      const answers = [refusal(403, 'userRateLimitExceeded'), { status: 500 }, { status: 503 }];
      stage.proxy.behave({
        answer: (request) => (isUpload(request) ? answers.shift() : undefined),
      });
      const key = `storm-${String(size)}.jpg`;
      await decorated(storm).put(key, sourceOf(someBytes(size)), {}, signal);
      expect(answers).toEqual([]);
      expect(stage.truly(key)).toEqual([sha256Of(someBytes(size))]);
    }
    await storm.close();
  });

  test.each([
    [403, 'storageQuotaExceeded', 'quota', 'Free some space'],
    [403, 'dailyLimitExceeded', 'rateLimited', 'client ID of your own'],
    [403, 'numChildrenInNonRootLimitExceeded', 'quota', 'another folder'],
    [403, 'accessNotConfigured', 'auth', 'enable the Google Drive API'],
    [403, 'insufficientPermissions', 'auth', 'ticked'],
    [403, 'domainPolicy', 'auth', 'administrator'],
    [403, 'appNotAuthorizedToFile', 'auth', 'client ID'],
    [403, 'somethingNew', 'auth', 'Sign in again'],
    [401, 'authError', 'auth', 'Sign in again'],
    [400, 'badRequest', 'unsupported', 'newer version'],
    [502, 'backendError', 'serverError', undefined],
  ])('%i %s says what to do', async (status, reason, code, hint) => {
    stage.proxy.behave({ answer: () => refusal(status, reason) });
    const failure = await stage.destination.check(signal).then(() => null, failureOf);
    expect(failure?.code).toBe(code);
    if (hint !== undefined) expect(failure?.hint).toContain(hint);
  });

  test.each([
    ['a web page', '<html>Welcome to our Wi-Fi</html>'],
    ['an empty answer', ''],
    ['a list that is none', '{"files":{"id":"x"}}'],
    ['an id that is a path', '{"files":[{"id":"../../x","name":"a","mimeType":"b"}]}'],
    ['a search that was given up', '{"incompleteSearch":true,"files":[]}'],
  ])('%s instead of a list is an error, not an empty folder', async (_what, body) => {
    stage.proxy.behave({ answer: () => ({ status: 200, body }) });
    const listing = async (): Promise<void> => {
      for await (const info of stage.destination.list('', signal)) expect(info).toBeUndefined();
    };
    expect(await listing().then(() => null, failureOf)).toMatchObject({ code: 'serverError' });
    const looked = await stage.destination.stat('a.jpg', signal).then(() => 'nothing', failureOf);
    expect(looked).toMatchObject({ code: 'serverError' });
  });

  test('a full account is quota, and what was begun goes on when there is space again', async () => {
    const bytes = someBytes(9 * mebibyte);
    const resume = new TokenStore();
    stage.drive.store.moods.left = 1000;
    const put = stage.destination.put('full.jpg', sourceOf(bytes), { resume }, signal);
    expect(await failureOfPut(put)).toMatchObject({ code: 'quota' });
    expect(await stage.destination.quota?.(signal)).toEqual({ usedBytes: 9, totalBytes: 1009 });
    stage.drive.store.moods.left = Infinity;
    await stage.destination.put('full.jpg', sourceOf(bytes), { resume }, signal);
    expect(stage.truly('full.jpg')).toEqual([sha256Of(bytes)]);
    const quota = await stage.destination.quota?.(signal);
    expect(quota).toEqual({ usedBytes: bytes.length + 9, totalBytes: null });
  });

  test('an access token that ends is replaced, one that was revoked is auth', async () => {
    stage.drive.accounts.endAccessTokens();
    await stage.destination.put('a.jpg', sourceOf(someBytes(9 * mebibyte)), {}, signal);
    expect(stage.truly('a.jpg')).toHaveLength(1);
    stage.drive.accounts.revokeAll();
    const put = stage.destination.put('b.jpg', sourceOf(someBytes(9)), {}, signal);
    expect(await failureOfPut(put)).toMatchObject({ code: 'auth' });
  });

  test('a sign-in without the permission for files, and none at all, are auth', async () => {
    const half = await openDrive(signedInAt(stage.drive, ['openid', 'email']), stage.drive.port);
    const failure = await half.check(signal).then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'auth' });
    expect(failure?.hint).toContain('ticked');
    await half.close();
    const nobody = await openDestination(driveUrl, {});
    expect(await nobody.check(signal).then(() => null, failureOf)).toMatchObject({ code: 'auth' });
    await nobody.close();
  });
});
