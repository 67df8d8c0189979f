import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Destination, ReopenableSource } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { immichSecrets, startImmich, type ImmichDouble } from '../support/doubles/immich.ts';
import {
  startHttpProxy,
  type HttpProxy,
  type SeenHttpRequest,
} from '../support/network/http-proxy.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;
const name = '2024/05/IMG_1-0123456789ab.jpg';

const photo = (count: number, seed = 1): ReopenableSource => ({
  ...sourceOf(someBytes(count, seed)),
  mime: 'image/jpeg',
});
const isUpload = ({ method, path }: SeenHttpRequest): boolean =>
  method === 'POST' && path === '/api/assets';

describe.each([2, 3] as const)('faults before Immich %i', (version) => {
  let immich: ImmichDouble;
  let proxy: HttpProxy;
  let destination: Destination;

  const open = (port: number, clock?: FakeClock): Promise<Destination> =>
    openDestination(
      `immich://127.0.0.1:${String(port)}`,
      immichSecrets,
      clock === undefined ? {} : { clock },
    );
  /** SHA-256 of what the library really holds. */
  const held = (): string[] => [...immich.assets.values()].map(({ bytes }) => sha256Of(bytes));

  beforeEach(async () => {
    immich = await startImmich(version);
    proxy = await startHttpProxy(immich.port);
    destination = await open(proxy.port);
    await destination.check(signal);
  });
  afterEach(async () => {
    proxy.behave({});
    await destination.close();
    await proxy.close();
    await immich.close();
  });

  test.each([100_000, 9 * mebibyte])(
    'a photo of %i bytes with a wrong byte on the way is found out and taken back',
    async (count) => {
      proxy.behave({
        body: (request) =>
          isUpload(request)
            ? request.body.fill(0, request.body.length - 500, request.body.length - 400)
            : undefined,
      });
      const failure = await destination.put(name, photo(count), {}, signal).catch(failureOf);
      expect(failure).toMatchObject({ code: 'corrupt' });
      immich.emptyTrash();
      expect(held()).toEqual([]);
      proxy.behave({});
      await destination.put(name, photo(count), {}, signal);
      expect(held()).toEqual([photo(count).sha256]);
    },
  );

  test('a journal segment with a wrong byte on the way is found out and taken back', async () => {
    const key = '.cloudroll/journal/a/1.jsonl';
    proxy.behave({
      body: (request) =>
        isUpload(request)
          ? request.body.fill(0, request.body.length - 500, request.body.length - 400)
          : undefined,
    });
    const source = sourceOf(someBytes(5000));
    const failure = await destination.put(key, source, {}, signal).catch(failureOf);
    expect(failure).toMatchObject({ code: 'corrupt' });
    expect(await destination.stat(key, signal)).toBeNull();
  });

  test('a body that arrives cut short leaves nothing', async () => {
    proxy.behave({
      body: (request) =>
        isUpload(request) ? request.body.subarray(0, request.body.length / 2) : undefined,
    });
    const failure = await destination.put(name, photo(9000), {}, signal).catch(failureOf);
    expect(failure).toHaveProperty('code');
    expect(held()).toEqual([]);
  });

  test.each([
    ['a photo', name, photo(50_000)],
    ['a journal segment', '.cloudroll/journal/a/1.jsonl', sourceOf(someBytes(50_000))],
  ])(
    'a reply that is lost after %s was stored leads to no second one',
    async (_what, key, source) => {
      let lost = 0;
      proxy.behave({
        losesReply: (request) => {
          if (!isUpload(request) || lost > 0) return false;
          lost += 1;
          return true;
        },
      });
      const outcome = await decorated(destination).put(key, source, {}, signal).catch(failureOf);
      expect(lost).toBe(1);
      expect(immich.assets.size).toBe(1);
      expect('evidence' in outcome || outcome.code === 'conflict').toBe(true);
      if (key === name) expect(held()).toEqual([source.sha256]);
    },
  );

  test('a storm of 503 and 429 passes, and Retry-After is honoured', async () => {
    const clock = new FakeClock();
    const storm = await open(proxy.port, clock);
    await storm.check(signal);
    proxy.behave({
      answer: (request) =>
        isUpload(request) ? { status: 429, headers: { 'retry-after': '30' } } : undefined,
    });
    const failure = await storm.put(name, photo(9), {}, signal).catch(failureOf);
    expect(failure).toMatchObject({ code: 'rateLimited', retryAt: clock.now() + 30_000 });
    const statuses = [503, 429, 500];
    proxy.behave({
      answer: () => {
        const status = statuses.pop();
        return status === undefined ? undefined : { status };
      },
    });
    await decorated(storm).put(name, photo(9), {}, signal);
    expect(held()).toEqual([photo(9).sha256]);
    await storm.close();
  });

  test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
    const tcp = await startTcpProxy(immich.port);
    let seed = 0;
    for (const count of [40_000, 9 * mebibyte]) {
      for (const cutAfterSent of [100, 3000, count >> 1, count - 100]) {
        seed += 1;
        const fresh = decorated(await open(tcp.port));
        await fresh.check(signal);
        tcp.breakAfter(cutAfterSent);
        const source = photo(count, seed);
        const result = await fresh.put(`${String(seed)}.jpg`, source, {}, signal);
        const back = await collect(fresh.open(result.key, null, signal));
        expect(sha256Of(back)).toBe(source.sha256);
        await fresh.close();
      }
    }
    expect(tcp.broken()).toBe(8);
    expect(immich.assets.size).toBe(8);
    await tcp.close();
  });

  test('a download that breaks off goes on where it stopped', async () => {
    const source = photo(3 * mebibyte);
    const { key } = await destination.put(name, source, {}, signal);
    const tcp = await startTcpProxy(immich.port);
    tcp.plan((connection) => (connection === 1 ? { cutAfterReceived: 1_000_000 } : undefined));
    const reader = decorated(await open(tcp.port));
    expect(sha256Of(await collect(reader.open(key, null, signal)))).toBe(source.sha256);
    expect(tcp.broken()).toBe(1);
    await reader.close();
    await tcp.close();
  });

  test('what is no Immich, or too old a one, says so', async () => {
    const checked = async (status: number, body: string) => {
      proxy.behave({ answer: () => ({ status, body }) });
      return destination.check(signal).then(() => null, failureOf);
    };
    const web = await checked(200, '<html>Welcome to our Wi-Fi</html>');
    expect(web).toMatchObject({ code: 'invalid', message: 'There is no Immich at this address.' });
    expect(await checked(404, 'nothing')).toMatchObject({ code: 'invalid' });
    expect(await checked(301, '')).toMatchObject({ code: 'invalid' });
    const old = await checked(200, '{"major":1,"minor":142,"patch":0}');
    expect(old).toMatchObject({ code: 'unsupported' });
    expect(old?.message).toContain('1.142.0');
  });

  test('a proxy before Immich that takes no large files is named', async () => {
    proxy.behave({ answer: (request) => (isUpload(request) ? { status: 413 } : undefined) });
    const failure = await destination.put(name, photo(9000), {}, signal).catch(failureOf);
    expect(failure).toMatchObject({ code: 'unsupported' });
    expect(JSON.stringify(failure)).toContain('client_max_body_size');
  });

  test('a hostile list is an error, not an empty library', async () => {
    await destination.put(name, photo(9000), {}, signal);
    const listing = async (): Promise<void> => {
      for await (const info of destination.list('', signal)) expect(info.bytes).toBe(9000);
    };
    for (const change of [
      () => '{"assets":{"items":[],"nextPage":"1"}}',
      () => '{"assets":{"items":[{"id":"../../users/me"}],"nextPage":null}}',
      () => '[]',
      (text: string) => text.slice(0, -3),
      (text: string) => text.replace(/"fileSizeInByte":\d+/u, '"fileSizeInByte":-1'),
    ]) {
      proxy.behave({
        replyBody: ({ path }, body) =>
          path === '/api/search/metadata' ? Buffer.from(change(body.toString())) : undefined,
      });
      const failure = await listing().then(() => null, failureOf);
      expect(failure, change.toString()).not.toBeNull();
      expect(['serverError', 'offline']).toContain(failure?.code);
    }
  });
});
