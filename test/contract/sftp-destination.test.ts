import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { KnownHostsFile } from '../../electron/engine/data-directory/known-hosts-file.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { provide } from '../support/services/local-server.ts';
import { startSshd } from '../support/services/sshd.ts';
import { destinationContract } from './destination-contract.ts';

const server = await provide('OpenSSH', startSshd);
const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

if ('skipReason' in server) {
  describe('SFTP', () => {
    test.skip(server.skipReason, () => undefined);
  });
} else {
  const secrets = { CLOUDROLL_USERNAME: server.user };
  const urlAt = (port: number, folder: string, identity = server.keyPath): string =>
    `sftp://127.0.0.1:${String(port)}${server.root}/${folder}?identity=${identity}`;
  const open = (folder: string, port = server.port) =>
    openDestination(urlAt(port, folder), secrets);

  afterAll(() => server.stop());

  destinationContract('SFTP on OpenSSH', () => {
    const folder = randomUUID();
    return Promise.resolve({
      manyObjects: 300,
      open: () => open(`${folder}/사진 100%25`),
      finish: async () => {
        const left = await readdir(join(server.root, folder), { recursive: true }).catch(() => []);
        expect(left.filter((name) => name.includes('.cloudroll'))).toEqual([]);
      },
    });
  });

  destinationContract('SFTP on OpenSSH, decorated', () => {
    const folder = randomUUID();
    return Promise.resolve({ open: async () => decorated(await open(folder)) });
  });

  describe('signing in by SFTP', () => {
    test('an encrypted key needs its password, and says so', async () => {
      const url = urlAt(server.port, 'encrypted', server.encryptedKeyPath);
      const without = await openDestination(url, secrets);
      const failure = await without.check(signal).catch(failureOf);
      expect(failure).toMatchObject({ code: 'auth', hint: 'Set CLOUDROLL_KEY_PASSWORD.' });
      const all = { ...secrets, CLOUDROLL_KEY_PASSWORD: server.keyPassword };
      const destination = await openDestination(url, all);
      await destination.check(signal);
      await destination.close();
    });

    test('a stranger, a missing sign-in and a server that is away are told apart', async () => {
      const codes: unknown[] = [];
      for (const [port, given] of [
        [server.port, { CLOUDROLL_USERNAME: 'nobody-of-that-name' }],
        [server.port, {}],
        [1, secrets],
      ] as const) {
        const destination = await openDestination(urlAt(port, 'codes'), given);
        codes.push((await destination.check(signal).then(() => null, failureOf))?.code);
        await destination.close();
      }
      expect(codes).toEqual(['auth', 'auth', 'offline']);
    });

    test('a server is recognised by its key, and another one is refused', async () => {
      const data = await mkdtemp(join(tmpdir(), 'cloudroll-known-'));
      const attempt = async (url: string) => {
        const knownHosts = new KnownHostsFile(data);
        const destination = await openDestination(url, secrets, { knownHosts });
        try {
          return await destination.check(signal).then(() => null, failureOf);
        } finally {
          await destination.close();
        }
      };
      const url = urlAt(server.port, 'pinned');
      expect(await attempt(url)).toBeNull();
      expect(await attempt(url)).toBeNull();
      const right = `${url}&hostkey=${server.fingerprint}`;
      expect(await attempt(right)).toBeNull();
      await server.replaceHostKey();
      const refused = await attempt(url);
      expect(refused).toMatchObject({ code: 'auth' });
      expect(refused?.message).toContain('is not the server it was');
      expect(await attempt(right)).toMatchObject({ code: 'auth' });
      const shown = /SHA256:\S{43}/u.exec(refused?.message ?? '')?.[0] ?? '';
      expect(await attempt(`${url}&hostkey=${shown}`)).toBeNull();
      await rm(data, { recursive: true });
    });
  });

  describe('faults before SFTP', () => {
    test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
      const tcp = await startTcpProxy(server.port);
      for (const [round, count] of [40_000, 9 * mebibyte].entries()) {
        const bytes = someBytes(count, round + 1);
        for (const cutAfterSent of [10, 2000, count >> 1, count - 100]) {
          const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
          const destination = decorated(await open('faults', tcp.port));
          await destination.check(signal);
          tcp.breakAfter(cutAfterSent);
          const outcome = await destination.put(key, sourceOf(bytes), {}, signal).catch(failureOf);
          const direct = await open('faults');
          const found = await direct.stat(key, signal);
          const stored = 'evidence' in outcome || outcome.code === 'conflict';
          expect(found === null).toBe(!stored);
          if (stored) {
            const back = sha256Of(await collect(direct.open(key, null, signal)));
            expect(back).toBe(sha256Of(bytes));
          }
          await direct.close();
          await destination.close();
        }
      }
      expect(tcp.broken()).toBe(8);
      await tcp.close();
    });

    test('a download that breaks off goes on where it stopped', async () => {
      const bytes = someBytes(6 * mebibyte);
      const direct = await open('download');
      await direct.put('a.jpg', sourceOf(bytes), {}, signal);
      await direct.close();
      const tcp = await startTcpProxy(server.port);
      tcp.plan((connection) => (connection === 1 ? { cutAfterReceived: 2_500_000 } : undefined));
      const reader = decorated(await open('download', tcp.port));
      const back = await collect(reader.open('a.jpg', null, signal));
      expect(sha256Of(back)).toBe(sha256Of(bytes));
      expect(tcp.broken()).toBe(1);
      await reader.close();
      await tcp.close();
    });

    test('a server that falls silent does not hold up a cancelled upload', async () => {
      const tcp = await startTcpProxy(server.port);
      tcp.plan(() => ({ silent: true }));
      const destination = await open('silent', tcp.port);
      const controller = new AbortController();
      const put = destination.put('a.jpg', sourceOf(someBytes(9)), {}, controller.signal);
      controller.abort();
      expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'cancelled' });
      await tcp.close();
    });
  });
}
