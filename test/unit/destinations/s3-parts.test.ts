import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { ByteBudget } from '../../../electron/engine/destinations/s3/byte-budget.ts';
import {
  formatToken,
  parseToken,
  partBytesFor,
} from '../../../electron/engine/destinations/s3/multipart-token.ts';
import { translate } from '../../../electron/engine/destinations/s3/s3-failure.ts';
import { s3SettingsOf } from '../../../electron/engine/destinations/s3/settings.ts';

describe('s3SettingsOf', () => {
  const settings = (text: string) => s3SettingsOf(parseDestinationUrl(text));

  test.each([
    ['s3://bkt', undefined, 'us-east-1', false],
    ['s3://bkt?region=ap-northeast-2', undefined, 'ap-northeast-2', false],
    ['s3://bkt?preset=ncloud', 'https://kr.object.ncloudstorage.com', 'kr-standard', true],
    [
      's3://bkt?preset=ncloud&region=us-standard',
      'https://us.object.ncloudstorage.com',
      'us-standard',
      true,
    ],
    [
      's3://bkt?preset=ncloud&region=jp-standard',
      'https://jp.object.ncpstorage.com',
      'jp-standard',
      true,
    ],
    ['s3://bkt?preset=ncloud-storage', 'https://kr.ncloudstorage.com', 'kr', false],
    [
      's3://bkt?preset=ibm&region=jp-tok',
      'https://s3.jp-tok.cloud-object-storage.appdomain.cloud',
      'jp-tok',
      true,
    ],
    ['s3://bkt?preset=gcs', 'https://storage.googleapis.com', 'auto', true],
    ['s3://bkt?preset=wasabi', 'https://s3.us-east-1.wasabisys.com', 'us-east-1', true],
    [
      's3://bkt?preset=b2&region=us-west-004',
      'https://s3.us-west-004.backblazeb2.com',
      'us-west-004',
      true,
    ],
    ['s3://bkt?endpoint=http://127.0.0.1:9000/', 'http://127.0.0.1:9000', 'us-east-1', true],
    ['s3://bkt?endpoint=http://h&style=virtual', 'http://h', 'us-east-1', false],
  ])('%s', (text, endpoint, region, pathStyle) => {
    expect(settings(text)).toMatchObject({ endpoint, region, pathStyle });
  });

  test('knows a provider by its address', () => {
    const endpoint = 'https://kr.object.ncloudstorage.com';
    expect(settings(`s3://bkt?endpoint=${endpoint}`).preset.id).toBe('ncloud');
    expect(settings(`s3://bkt?endpoint=${endpoint}`).preset.listVersion).toBe(1);
    expect(settings('s3://bkt?endpoint=https://a.r2.cloudflarestorage.com').region).toBe('auto');
    expect(settings('s3://bkt?endpoint=https://nas.local').preset.id).toBe('other');
  });

  test('puts the prefix before keys as a folder', () => {
    expect(settings('s3://bkt').prefix).toBe('');
    expect(settings('s3://bkt/a/b/').prefix).toBe('a/b/');
  });
});

describe('partBytesFor', () => {
  const MiB = 1024 * 1024;

  test('needs at most 10,000 parts, each of at least 8 MiB and whole MiB', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 5n * 1024n ** 4n }), (size) => {
        const bytes = Number(size);
        const part = partBytesFor(bytes);
        expect(Math.ceil(bytes / part)).toBeLessThanOrEqual(10_000);
        expect(part).toBeGreaterThanOrEqual(8 * MiB);
        expect(part % MiB).toBe(0);
        expect(part).toBeLessThanOrEqual(5 * 1024 * MiB);
      }),
    );
    expect(partBytesFor(1)).toBe(8 * MiB);
    expect(partBytesFor(80_000 * MiB)).toBe(8 * MiB);
    expect(partBytesFor(80_000 * MiB + 1)).toBe(9 * MiB);
  });
});

describe('parseToken', () => {
  test('reads what was written and nothing else', () => {
    const token = { uploadId: 'u', key: 'k', sha256: 'h', bytes: 5, partBytes: 3 };
    expect(parseToken(formatToken(token))).toEqual(token);
    for (const text of [undefined, '', '{', '{}', '[]', 'null', '{"uploadId":""}']) {
      expect(parseToken(text)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.json(), (json) => {
        parseToken(json);
      }),
    );
  });
});

describe('translate', () => {
  const now = 1_700_000_000_000;

  function sdkError(code: string, status?: number, headers: Record<string, string> = {}): Error {
    const error = Object.assign(new Error(`secret-looking detail of ${code}`), {
      $metadata: status === undefined ? {} : { httpStatusCode: status },
      $response: { headers },
    });
    error.name = code;
    return error;
  }

  test.each([
    ['NoSuchBucket', 404, 'notFound'],
    ['NoSuchKey', 404, 'notFound'],
    ['AccessDenied', 403, 'auth'],
    ['SignatureDoesNotMatch', 403, 'auth'],
    ['InvalidAccessKeyId', 403, 'auth'],
    ['ExpiredToken', 400, 'auth'],
    ['RequestTimeTooSkewed', 403, 'auth'],
    ['QuotaExceeded', 403, 'quota'],
    ['PreconditionFailed', 412, 'conflict'],
    ['ConditionalRequestConflict', 409, 'serverError'],
    ['BadDigest', 400, 'corrupt'],
    ['XAmzContentSHA256Mismatch', 400, 'corrupt'],
    ['RequestTimeout', 400, 'timeout'],
    ['SlowDown', 503, 'rateLimited'],
    ['TooManyRequests', 429, 'rateLimited'],
    ['ServiceUnavailable', 503, 'serverError'],
    ['InternalError', 500, 'serverError'],
    ['NotImplemented', 501, 'unsupported'],
    ['InvalidArgument', 400, 'unsupported'],
    ['PermanentRedirect', 301, 'invalid'],
    ['InsufficientStorage', 507, 'quota'],
    ['ENOTFOUND', undefined, 'offline'],
    ['ECONNREFUSED', undefined, 'offline'],
    ['ECONNRESET', undefined, 'offline'],
    ['TimeoutError', undefined, 'timeout'],
    ['AbortError', undefined, 'cancelled'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, 'auth'],
    ['TypeError', undefined, 'bug'],
  ])('%s with status %s is %s', (code, status, expected) => {
    expect(translate(sdkError(code, status), 'b', now).failure.code).toBe(expected);
  });

  test('says that the clock is wrong', () => {
    const { message, hint } = translate(sdkError('RequestTimeTooSkewed', 403), 'b', now).failure;
    expect(`${message} ${hint ?? ''}`).toMatch(/clock.*date and time/u);
  });

  test('takes the moment of the next attempt from Retry-After', () => {
    const retryAt = (value: string) =>
      translate(sdkError('SlowDown', 503, { 'retry-after': value }), 'b', now).failure.retryAt;
    expect(retryAt('7')).toBe(now + 7_000);
    expect(retryAt('Fri, 31 Dec 2038 23:59:59 GMT')).toBe(Date.UTC(2038, 11, 31, 23, 59, 59));
    expect(retryAt('soon')).toBeUndefined();
    expect(translate(sdkError('X', 503, { 'retry-after': '1' }), 'b', now).failure.code).toBe(
      'rateLimited',
    );
  });

  test('repeats nothing of what the server said', () => {
    fc.assert(
      fc.property(fc.constantFrom('AccessDenied', 'InvalidArgument', 'InternalError'), (code) => {
        const { failure } = translate(sdkError(code, 403), 'b', now);
        expect(JSON.stringify(failure)).not.toContain('secret-looking');
      }),
    );
  });
});

describe('ByteBudget', () => {
  test('never grants more than its limit, but always something', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, async (wanted) => {
        const budget = new ByteBudget(20);
        const signal = new AbortController().signal;
        let held = 0;
        let holders = 0;
        await Promise.all(
          wanted.map(async (bytes) => {
            const giveBack = await budget.take(bytes, signal);
            held += bytes;
            holders += 1;
            const alone = held === bytes || holders === 1;
            expect(held <= 20 || alone).toBe(true);
            await Promise.resolve();
            held -= bytes;
            holders -= 1;
            giveBack();
            giveBack();
          }),
        );
        expect(held).toBe(0);
      }),
    );
  });

  test('lets those who wait be cancelled', async () => {
    const budget = new ByteBudget(10);
    const controller = new AbortController();
    const giveBack = await budget.take(10, controller.signal);
    const second = budget.take(1, controller.signal);
    const third = budget.take(10, new AbortController().signal);
    controller.abort();
    await expect(second).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    giveBack();
    (await third)();
  });
});
