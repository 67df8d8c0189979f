import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { startHttpProxy, type HttpProxy } from '../support/network/http-proxy.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { provide } from '../support/services/local-server.ts';
import { davSecrets, startApacheDav, startRcloneDav } from '../support/services/webdav.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;
const servers = [
  { name: 'Apache', server: await provide('Apache', startApacheDav) },
  { name: 'rclone', server: await provide('rclone', startRcloneDav) },
];

for (const { name, server } of servers) {
  if ('skipReason' in server) {
    describe(`faults before WebDAV on ${name}`, () => {
      test.skip(server.skipReason, () => undefined);
    });
    continue;
  }

  describe(`faults before WebDAV on ${name}`, () => {
    const folder = randomUUID();
    let proxy: HttpProxy;
    let destination: Destination;

    const urlAt = (port: number): string => `webdav://127.0.0.1:${String(port)}/${folder}`;
    const open = (port: number): Promise<Destination> => openDestination(urlAt(port), davSecrets);

    beforeEach(async () => {
      proxy = await startHttpProxy(server.port);
      destination = await open(proxy.port);
      await destination.check(signal);
    });
    afterEach(async () => {
      proxy.behave({});
      await destination.close();
      await proxy.close();
    });
    afterAll(() => server.stop());

    /** What the server really holds, or null, seen past every fault. */
    const truly = async (key: string): Promise<string | null> => {
      const direct = await open(server.port);
      try {
        if ((await direct.stat(key, signal)) === null) return null;
        return sha256Of(await collect(direct.open(key, null, signal)));
      } finally {
        await direct.close();
      }
    };

    const isUpload = ({ method, path }: { method: string; path: string }): boolean =>
      method === 'PUT' && !path.includes('/probe/');

    test.each([
      ['a small', 100_000],
      ['a large', 9 * mebibyte],
    ])('%s file that arrives cut short is never taken for stored', async (_size, count) => {
      const bytes = someBytes(count);
      proxy.behave({
        body: (request) =>
          isUpload(request) ? request.body.subarray(0, request.body.length / 2) : undefined,
      });
      const key = `short-${String(count)}.jpg`;
      const result = await destination.put(key, sourceOf(bytes), {}, signal).catch(failureOf);
      if ('evidence' in result) {
        expect(result.evidence).toBeNull();
        const back = sha256Of(await collect(destination.open(key, null, signal)));
        expect(back).not.toBe(sha256Of(bytes));
      } else {
        expect(result.code).toBe('corrupt');
        expect(await truly(key)).toBeNull();
      }
    });

    test('a wrong byte on the way is found when the file is read back', async () => {
      const bytes = someBytes(100_000);
      proxy.behave({
        body: (request) => (isUpload(request) ? request.body.fill(0, 5, 6) : undefined),
      });
      const result = await destination.put('wrong.jpg', sourceOf(bytes), {}, signal);
      expect(result.evidence).toBeNull();
      const back = await collect(destination.open('wrong.jpg', null, signal));
      expect(sha256Of(back)).not.toBe(sha256Of(bytes));
    });

    test('a reply that is lost after the file was stored leads to no second one', async () => {
      const bytes = someBytes(50_000);
      let lost = 0;
      const last = proxy.seen.some(({ method }) => method === 'MOVE');
      expect(last).toBe(true);
      proxy.behave({
        losesReply: ({ method, path }) => {
          const publishes = method === 'MOVE' || (method === 'PUT' && !path.includes('/tmp/'));
          if (!publishes || lost > 0) return false;
          lost += 1;
          return true;
        },
      });
      const wrapped = decorated(destination);
      const failure = await wrapped.put('lost.jpg', sourceOf(bytes), {}, signal).catch(failureOf);
      expect(failure).toMatchObject({ code: 'conflict' });
      expect(lost).toBe(1);
      expect(await truly('lost.jpg')).toBe(sha256Of(bytes));
    });

    test('a storm of 503 and 429 passes, and Retry-After is honoured', async () => {
      const clock = new FakeClock();
      const storm = await openDestination(urlAt(proxy.port), davSecrets, { clock });
      await storm.check(signal);
      proxy.behave({
        answer: (request) =>
          isUpload(request) ? { status: 429, headers: { 'retry-after': '30' } } : undefined,
      });
      const failure = await storm
        .put('storm.jpg', sourceOf(someBytes(9)), {}, signal)
        .catch(failureOf);
      expect(failure).toMatchObject({ code: 'rateLimited', retryAt: clock.now() + 30_000 });
      let refusals = 0;
      proxy.behave({
        answer: (request) => {
          if (!isUpload(request) || refusals >= 3) return undefined;
          refusals += 1;
          return { status: refusals === 2 ? 429 : 503 };
        },
      });
      await decorated(storm).put('storm.jpg', sourceOf(someBytes(9)), {}, signal);
      expect(refusals).toBe(3);
      expect(await truly('storm.jpg')).toBe(sha256Of(someBytes(9)));
      await storm.close();
    });

    test('a wrong password, a full disk and a web page each say what to do', async () => {
      const refused = await openDestination(urlAt(proxy.port), {
        ...davSecrets,
        CLOUDROLL_PASSWORD: 'not the right one',
      });
      const auth = await refused.check(signal).then(() => null, failureOf);
      expect(auth).toMatchObject({ code: 'auth' });
      expect(auth?.hint).toContain('app password');
      await refused.close();
      proxy.behave({ answer: (request) => (isUpload(request) ? { status: 507 } : undefined) });
      const full = await destination
        .put('full.jpg', sourceOf(someBytes(9)), {}, signal)
        .catch(failureOf);
      expect(full).toMatchObject({ code: 'quota' });
      proxy.behave({ answer: () => ({ status: 200, body: '<html>Welcome to our Wi-Fi</html>' }) });
      expect(await destination.check(signal).catch(failureOf)).toMatchObject({ code: 'invalid' });
    });

    test.each([
      ['entities that multiply', '<!DOCTYPE a [<!ENTITY x "xxxxxxxx">]><a>&x;</a>'],
      ['no XML at all', 'Service temporarily wonderful'],
      ['one endless element', `<m><response>${'x'.repeat(600_000)}`],
      ['a tower of elements', '<a>'.repeat(100_000)],
    ])('a list with %s is an error, not an empty folder', async (_what, body) => {
      proxy.behave({ answer: () => ({ status: 207, body }) });
      const listing = async (): Promise<void> => {
        for await (const info of destination.list('', signal)) expect(info).toBeUndefined();
      };
      expect(await listing().catch(failureOf)).toMatchObject({ code: 'serverError' });
    });

    test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
      const tcp = await startTcpProxy(server.port);
      for (const [round, count] of [40_000, 9 * mebibyte].entries()) {
        const bytes = someBytes(count, round + 1);
        for (const cutAfterSent of [100, 3000, count >> 1, count - 100]) {
          const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
          const fresh = decorated(await open(tcp.port));
          await fresh.check(signal);
          tcp.breakAfter(cutAfterSent);
          const outcome = await fresh.put(key, sourceOf(bytes), {}, signal).catch(failureOf);
          const hash = await truly(key);
          const stored = 'evidence' in outcome || outcome.code === 'conflict';
          expect(hash).toBe(stored ? sha256Of(bytes) : null);
          await fresh.close();
        }
      }
      expect(tcp.broken()).toBe(8);
      await tcp.close();
    });

    test('a download that breaks off goes on where it stopped', async () => {
      const bytes = someBytes(3 * mebibyte);
      await destination.put('download.jpg', sourceOf(bytes), {}, signal);
      const tcp = await startTcpProxy(server.port);
      tcp.plan((connection) => (connection === 1 ? { cutAfterReceived: 1_000_000 } : undefined));
      const reader = decorated(await open(tcp.port));
      const back = await collect(reader.open('download.jpg', null, signal));
      expect(sha256Of(back)).toBe(sha256Of(bytes));
      expect(tcp.broken()).toBe(1);
      await reader.close();
      await tcp.close();
    });
  });
}
