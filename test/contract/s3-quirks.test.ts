import { afterEach, describe, expect, test } from 'vitest';

import {
  collect,
  hangingSource,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { openS3 } from '../support/destinations/open-s3.ts';
import { startS3Proxy } from '../support/destinations/s3-proxy.ts';
import type { ProxyBehaviour, S3Proxy, SeenRequest } from '../support/destinations/s3-proxy.ts';
import { freshBucket, s3Client, s3Service } from '../support/services/s3.ts';
import { destinationContract } from './destination-contract.ts';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';

const service = s3Service();
const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

/** Behaves like a service of ten years ago. */
const plainServer: ProxyBehaviour = {
  ignoredHeaders: [/^if-none-match$/u, /^x-amz-checksum-/u, /^x-amz-sdk-checksum/u],
  randomEtags: true,
  answer: ({ url }) =>
    url.searchParams.has('list-type') ? { status: 501, code: 'NotImplemented' } : undefined,
};

/** Refuses what it does not know instead of ignoring it. */
const strictServer: ProxyBehaviour = {
  ignoredHeaders: [],
  answer: ({ url, headers }) => {
    if (url.searchParams.has('list-type')) return { status: 400, code: 'InvalidArgument' };
    if ('if-none-match' in headers) return { status: 501, code: 'NotImplemented' };
    if (Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'))) {
      return { status: 400, code: 'InvalidArgument' };
    }
    return undefined;
  },
};

if ('skipReason' in service) {
  console.info(`skipped: S3 quirks: ${service.skipReason}`);
  describe('S3 quirks', () => {
    test.skip(service.skipReason, () => undefined);
  });
} else {
  let proxy: S3Proxy | undefined;

  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  async function behind(behaviour: ProxyBehaviour) {
    if ('skipReason' in service) throw new Error(service.skipReason);
    const bucket = await freshBucket();
    const started = await startS3Proxy(service, behaviour);
    proxy = started;
    return { bucket, seen: started.seen, open: () => openS3(started.access, bucket) };
  }

  destinationContract(
    'S3 server without conditions, checksums, ETags and second lists',
    async () => {
      const bucket = await freshBucket();
      const plain = await startS3Proxy(service, plainServer);
      return { open: () => Promise.resolve(openS3(plain.access, bucket)), finish: plain.close };
    },
  );

  describe('S3 quirks', () => {
    test('a server that ignores everything proves nothing', async () => {
      const { open } = await behind(plainServer);
      const destination = open();
      await destination.check(signal);
      expect(destination.capabilities).toMatchObject({ createOnly: 'checked', serverHash: [] });
      const result = await destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
      expect(result).toMatchObject({ evidence: null, hashes: {} });
      await destination.close();
    });

    test('a server whose ETag is an MD5 proves by the MD5 it was given', async () => {
      const { open } = await behind({ ...plainServer, randomEtags: false });
      const destination = open();
      await destination.check(signal);
      expect(destination.capabilities).toMatchObject({
        createOnly: 'checked',
        serverHash: ['md5'],
      });
      const result = await destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
      expect(result.evidence).toBe('server-md5');
      await destination.close();
    });

    test('a server that refuses what it does not know is spoken to plainly', async () => {
      const { open, seen } = await behind(strictServer);
      const destination = open();
      await destination.check(signal);
      expect(destination.capabilities.createOnly).toBe('checked');
      const checked = seen.length;
      for (const bytes of [someBytes(10), someBytes(9 * mebibyte)]) {
        const key = `${sha256Of(bytes)}.jpg`;
        await destination.put(key, sourceOf(bytes), {}, signal);
        const again = destination.put(key, sourceOf(bytes), {}, signal);
        await expect(again).rejects.toMatchObject({ failure: { code: 'conflict' } });
        expect(sha256Of(await collect(destination.open(key, null, signal)))).toBe(sha256Of(bytes));
      }
      const refused = seen.slice(checked).filter((one) => strictServer.answer?.(one) !== undefined);
      expect(refused).toEqual([]);
      await destination.close();
    });

    test('nothing is left of the probes', async () => {
      const { open } = await behind({});
      const destination = open();
      await destination.check(signal);
      const keys: string[] = [];
      for await (const { key } of destination.list('', signal)) keys.push(key);
      expect(keys).toEqual([]);
      await destination.close();
    });

    test('one photo costs one request', async () => {
      const { open, seen } = await behind({});
      const destination = open();
      await destination.check(signal);
      const before = seen.length;
      for (let index = 0; index < 5; index += 1) {
        await destination.put(`${String(index)}.jpg`, sourceOf(someBytes(1000)), {}, signal);
      }
      expect(seen.slice(before).map(({ method }) => method)).toEqual(Array(5).fill('PUT'));
      await destination.close();
    });

    test('a lost reply is told as offline, and the repetition as conflict', async () => {
      let lose = true;
      const { open } = await behind({
        losesReply: ({ method, url }) => method === 'PUT' && url.pathname.endsWith('a.jpg') && lose,
      });
      const destination = open();
      await destination.check(signal);
      const put = () => destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
      await expect(put()).rejects.toMatchObject({ failure: { code: 'offline' } });
      lose = false;
      await expect(put()).rejects.toMatchObject({ failure: { code: 'conflict' } });
      await destination.close();
    });

    test('the moment a busy server names is passed on', async () => {
      const { open } = await behind({
        answer: ({ url }) =>
          url.pathname.endsWith('a.jpg')
            ? { status: 503, code: 'SlowDown', headers: { 'retry-after': '30' } }
            : undefined,
      });
      const destination = open();
      await destination.check(signal);
      const put = destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
      const failure = await put.catch((error: unknown) => failureOf(error));
      expect(failure).toMatchObject({ code: 'rateLimited' });
      const retryAt = 'retryAt' in failure ? (failure.retryAt ?? 0) : 0;
      expect(Math.abs(retryAt - Date.now() - 30_000)).toBeLessThan(10_000);
      await destination.close();
    });

    test('a resumed upload sends only the parts that are missing', async () => {
      const { open, seen, bucket } = await behind({});
      const bytes = someBytes(30 * mebibyte + 1);
      const resume = new TokenStore();
      const first = open();
      const controller = new AbortController();
      let taken = 0;
      const interrupted = hangingSource(bytes, 17 * mebibyte, () => undefined);
      const options = {
        resume,
        onProgress: (progress: number) => {
          taken = progress;
          if (progress >= 16 * mebibyte) controller.abort();
        },
      };
      const put = first.put('big.jpg', interrupted, options, controller.signal);
      await expect(put).rejects.toMatchObject({ failure: { code: 'cancelled' } });
      expect(taken).toBe(16 * mebibyte);
      await first.close();

      const before = seen.length;
      const second = open();
      await second.put('big.jpg', sourceOf(bytes), { resume }, signal);
      expect(seen.slice(before).flatMap(partNumber).sort()).toEqual([3, 4]);
      expect(resume.token).toBeUndefined();
      const stored = await collect(second.open('big.jpg', null, signal));
      expect(sha256Of(stored)).toBe(sha256Of(bytes));
      await second.close();
      expect(await unfinished(bucket)).toBe(0);
    });

    test('an upload whose file changed is not gone on with, and leaves no parts', async () => {
      const { open, bucket } = await behind({});
      const resume = new TokenStore();
      const destination = open();
      const controller = new AbortController();
      const old = hangingSource(someBytes(10 * mebibyte, 1), 9 * mebibyte, () => {
        controller.abort();
      });
      await expect(
        destination.put('big.jpg', old, { resume }, controller.signal),
      ).rejects.toMatchObject({ failure: { code: 'cancelled' } });
      expect(await unfinished(bucket)).toBe(1);
      const bytes = someBytes(10 * mebibyte, 2);
      await destination.put('big.jpg', sourceOf(bytes), { resume }, signal);
      const stored = await collect(destination.open('big.jpg', null, signal));
      expect(sha256Of(stored)).toBe(sha256Of(bytes));
      await destination.close();
      expect(await unfinished(bucket)).toBe(0);
    });

    test('parts of an abandoned upload are dropped', async () => {
      const { open, bucket } = await behind({});
      const destination = open();
      const controller = new AbortController();
      const source = hangingSource(someBytes(10 * mebibyte), 9 * mebibyte, () => {
        controller.abort();
      });
      const put = destination.put('big.jpg', source, {}, controller.signal);
      await expect(put).rejects.toMatchObject({ failure: { code: 'cancelled' } });
      await destination.close();
      expect(await unfinished(bucket)).toBe(0);
    });

    test('a list that ends without saying where it goes on is an error', async () => {
      const { open } = await behind({});
      const destination = open();
      await destination.check(signal);
      const keys = Array.from({ length: 3 }, (_value, index) => `${String(index)}.jpg`);
      for (const key of keys) await destination.put(key, sourceOf(someBytes(1)), {}, signal);
      const listed: string[] = [];
      for await (const { key } of destination.list('', signal)) listed.push(key);
      expect(listed).toEqual(keys);
      await destination.close();
    });
  });

  async function unfinished(bucket: string): Promise<number> {
    if ('skipReason' in service) throw new Error(service.skipReason);
    const client = s3Client(service);
    const output = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    client.destroy();
    return output.Uploads?.length ?? 0;
  }
}

function partNumber({ method, url }: SeenRequest): number[] {
  const number = url.searchParams.get('partNumber');
  return method === 'PUT' && number !== null ? [Number(number)] : [];
}
