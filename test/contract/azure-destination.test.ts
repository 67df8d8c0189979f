import { randomUUID } from 'node:crypto';

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
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import {
  startHttpProxy,
  type HttpProxy,
  type SeenHttpRequest,
} from '../support/network/http-proxy.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import {
  azureAccount,
  azureKey,
  azureSecrets,
  azureUrl,
  freshContainer,
  signatureFor,
  startAzurite,
} from '../support/services/azurite.ts';
import { provide } from '../support/services/local-server.ts';
import { destinationContract } from './destination-contract.ts';

const server = await provide('Azurite', startAzurite);
const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

if ('skipReason' in server) {
  describe('Azure Blob', () => {
    test.skip(server.skipReason, () => undefined);
  });
} else {
  afterAll(() => server.stop());

  destinationContract('Azure Blob on Azurite', async () => {
    const url = await freshContainer(server.port, '/사진 100%25');
    return { manyObjects: 300, open: () => openDestination(url, azureSecrets) };
  });

  destinationContract('Azure Blob on Azurite, decorated', async () => {
    const url = await freshContainer(server.port);
    return { open: async () => decorated(await openDestination(url, azureSecrets)) };
  });

  describe('signing in to Azure', () => {
    const checked = async (url: string, secrets: Readonly<Record<string, string>>) => {
      const destination = await openDestination(url, secrets);
      try {
        return await destination.check(signal).then(() => null, failureOf);
      } finally {
        await destination.close();
      }
    };
    const containerOf = (url: string): string => url.split('/')[3]?.split('?')[0] ?? '';

    test('a connection string and a shared access signature work as the key does', async () => {
      const url = await freshContainer(server.port);
      const endpoint = `http://127.0.0.1:${String(server.port)}/${azureAccount}`;
      const text = `DefaultEndpointsProtocol=http;AccountName=${azureAccount};AccountKey=${azureKey};BlobEndpoint=${endpoint};`;
      const bare = `azblob://${azureAccount}/${containerOf(url)}`;
      expect(await checked(bare, { AZURE_STORAGE_CONNECTION_STRING: text })).toBeNull();
      const sas = signatureFor(containerOf(url), 'rcwdl', Date.now() + 3_600_000);
      expect(await checked(url, { AZURE_STORAGE_SAS_TOKEN: `?${sas}` })).toBeNull();
      const destination = await openDestination(url, { AZURE_STORAGE_SAS_TOKEN: sas });
      const bytes = someBytes(9 * mebibyte);
      await destination.put('a b/100%/사진.jpg', sourceOf(bytes), {}, signal);
      const back = await collect(destination.open('a b/100%/사진.jpg', null, signal));
      expect(sha256Of(back)).toBe(sha256Of(bytes));
      await destination.close();
    });

    test('a wrong key, one that expired or may only read, and a missing container are told apart', async () => {
      const url = await freshContainer(server.port);
      const name = containerOf(url);
      const wrong = Buffer.alloc(64, 7).toString('base64');
      expect(await checked(url, { AZURE_STORAGE_KEY: wrong })).toMatchObject({ code: 'auth' });
      expect(await checked(url, {})).toMatchObject({ code: 'auth' });
      const expired = signatureFor(name, 'rcwdl', Date.now() - 3_600_000);
      expect(await checked(url, { AZURE_STORAGE_SAS_TOKEN: expired })).toMatchObject({
        code: 'auth',
      });
      const reading = signatureFor(name, 'rl', Date.now() + 3_600_000);
      expect(await checked(url, { AZURE_STORAGE_SAS_TOKEN: reading })).toMatchObject({
        code: 'auth',
      });
      const missing = azureUrl(server.port, `missing-${randomUUID()}`);
      const gone = await openDestination(missing, azureSecrets);
      const looked = await gone.stat('a.jpg', signal).then(() => null, failureOf);
      expect(looked?.message).toContain('There is no container');
      await gone.close();
      expect(await checked(missing, azureSecrets)).toMatchObject({ code: 'notFound' });
      const other = `DefaultEndpointsProtocol=https;AccountName=other;AccountKey=${azureKey}`;
      expect(await checked(url, { AZURE_STORAGE_CONNECTION_STRING: other })).toMatchObject({
        code: 'auth',
      });
    });
  });

  describe('faults before Azure', () => {
    let proxy: HttpProxy;
    let url: string;
    let direct: Destination;
    let destination: Destination;

    /** The same container by another port; the signature does not cover it. */
    const through = (port: number): string =>
      url.replace(`:${String(server.port)}/`, `:${String(port)}/`);

    beforeEach(async () => {
      url = await freshContainer(server.port);
      proxy = await startHttpProxy(server.port);
      direct = await openDestination(url, azureSecrets);
      destination = await openDestination(through(proxy.port), azureSecrets);
      await destination.check(signal);
    });
    afterEach(async () => {
      await destination.close();
      await direct.close();
      await proxy.close();
    });

    const truly = async (key: string): Promise<string | null> =>
      (await direct.stat(key, signal)) === null
        ? null
        : sha256Of(await collect(direct.open(key, null, signal)));
    const isPut = ({ method }: SeenHttpRequest): boolean => method === 'PUT';
    const blocksSent = (): number =>
      proxy.seen.filter(({ path }) => path.includes('comp=block&')).length;

    test.each([
      ['a small', 100_000],
      ['a large', 9 * mebibyte],
    ])('%s file with a wrong byte is refused and leaves nothing', async (_size, count) => {
      proxy.behave({
        body: (request) =>
          isPut(request) && request.body.length > 50_000 ? request.body.fill(0, 5, 6) : undefined,
      });
      const put = destination.put('wrong.jpg', sourceOf(someBytes(count)), {}, signal);
      expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'corrupt' });
      expect(await truly('wrong.jpg')).toBeNull();
    });

    test('a small file is proven by the MD5 of the service, and not where that differs', async () => {
      const bytes = someBytes(1000);
      const proven = await destination.put('a.jpg', sourceOf(bytes), {}, signal);
      expect(proven.evidence).toBe('server-md5');
      const large = await destination.put('b.jpg', sourceOf(someBytes(9 * mebibyte)), {}, signal);
      expect(large.evidence).toBeNull();
    });

    test.each([
      ['a small', 50_000, (request: SeenHttpRequest) => isPut(request)],
      [
        'a large',
        9 * mebibyte,
        (request: SeenHttpRequest) => request.path.includes('comp=blocklist') && isPut(request),
      ],
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
      expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
      expect(lost).toBe(1);
      expect(await truly('lost.jpg')).toBe(sha256Of(bytes));
    });

    test('a storm of 503 and 500 passes, and Retry-After is passed on', async () => {
      const busy = { 'x-ms-error-code': 'ServerBusy' };
      proxy.behave({
        answer: (request) =>
          isPut(request) ? { status: 503, headers: { ...busy, 'retry-after': '20' } } : undefined,
      });
      const put = destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
      const failure = await put.then(() => null, failureOf);
      expect(failure).toMatchObject({ code: 'rateLimited' });
      expect(Math.abs((failure?.retryAt ?? 0) - Date.now() - 20_000)).toBeLessThan(5_000);
      let refusals = 0;
      proxy.behave({
        answer: (request) => {
          if (!isPut(request) || refusals >= 3) return undefined;
          refusals += 1;
          return refusals === 2 ? { status: 500 } : { status: 503, headers: busy };
        },
      });
      await decorated(destination).put('a.jpg', sourceOf(someBytes(9)), {}, signal);
      expect(refusals).toBe(3);
      expect(await truly('a.jpg')).toBe(sha256Of(someBytes(9)));
    });

    test('a restart sends only the blocks that are missing', async () => {
      const bytes = someBytes(30 * mebibyte + 1);
      const resume = new TokenStore();
      const controller = new AbortController();
      const interrupted = hangingSource(bytes, 29 * mebibyte, () => undefined);
      const options = {
        resume,
        onProgress: (taken: number) => {
          if (taken >= 16 * mebibyte) controller.abort();
        },
      };
      const put = destination.put('big.jpg', interrupted, options, controller.signal);
      expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'cancelled' });
      expect(await truly('big.jpg')).toBeNull();
      proxy.seen.length = 0;
      const restarted = await openDestination(through(proxy.port), azureSecrets);
      await restarted.put('big.jpg', sourceOf(bytes), { resume }, signal);
      await restarted.close();
      expect(blocksSent()).toBeLessThanOrEqual(2);
      expect(resume.token).toBeUndefined();
      expect(await truly('big.jpg')).toBe(sha256Of(bytes));
    });

    test('a list that ends without saying so is an error', async () => {
      await destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
      proxy.behave({
        replyBody: ({ path }, body) =>
          path.includes('comp=list')
            ? Buffer.from(
                body.toString().replace(/<NextMarker *\/>|<NextMarker><\/NextMarker>/u, ''),
              )
            : undefined,
      });
      const other = await openDestination(through(proxy.port), azureSecrets);
      const listing = async (): Promise<void> => {
        for await (const { key } of other.list('', signal)) expect(key).toBe('a.jpg');
      };
      expect(await listing().then(() => null, failureOf)).not.toBeNull();
      await other.close();
    });

    test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
      const tcp = await startTcpProxy(server.port);
      for (const [round, count] of [40_000, 9 * mebibyte].entries()) {
        const bytes = someBytes(count, round + 1);
        for (const cutAfterSent of [100, 3000, count >> 1, count - 100]) {
          const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
          const fresh = decorated(await openDestination(through(tcp.port), azureSecrets));
          await fresh.check(signal);
          tcp.breakAfter(cutAfterSent);
          const outcome = await fresh.put(key, sourceOf(bytes), {}, signal).catch(failureOf);
          const stored = 'evidence' in outcome || outcome.code === 'conflict';
          expect(await truly(key)).toBe(stored ? sha256Of(bytes) : null);
          await fresh.close();
        }
      }
      expect(tcp.broken()).toBe(8);
      await tcp.close();
    });
  });
}
