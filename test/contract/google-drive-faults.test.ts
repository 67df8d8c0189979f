import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { DriveStage } from '../support/destinations/drive-stage.ts';
import { decorated } from '../support/destinations/open-destination.ts';
import { openDrive } from '../support/destinations/open-google-drive.ts';
import type { SeenHttpRequest } from '../support/network/http-proxy.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';

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

describe('replies of Google Drive that are lost', () => {
  const losses = [
    { lag: 0, replies: 1 },
    { lag: 5, replies: 1 },
    { lag: 0, replies: 2 },
    { lag: 5, replies: 2 },
  ];

  test.each([
    ['a small', 50_000, isUpload],
    ['a large', 9 * mebibyte, ({ headers }: SeenHttpRequest) => lastChunk(headers)],
    [
      'the first file of a folder',
      1000,
      ({ method, path }: SeenHttpRequest) => isFolder(method, path),
    ],
  ])('%s: it is there once', async (_size, count, publishes) => {
    // A connection that was kept may have been closed before: such a request goes out again by itself, and only
    // the second reply that is lost leads to another attempt.
    for (const [index, { lag, replies }] of losses.entries()) {
      let lost = 0;
      stage.drive.store.moods.searchLag = lag;
      stage.proxy.behave({
        losesReply: (request) => {
          if (!publishes(request) || lost >= replies) return false;
          lost += 1;
          return true;
        },
      });
      const bytes = someBytes(count, index + 1);
      const key = `new-${String(index)}/lost-${String(count)}-${String(index)}.jpg`;
      const wrapped = decorated(stage.destination);
      const result = await wrapped.put(key, sourceOf(bytes), {}, signal);
      expect(result.evidence).toBe('server-sha256');
      expect(lost).toBe(replies);
      stage.drive.store.moods.searchLag = 0;
      expect(stage.truly(key)).toEqual([sha256Of(bytes)]);
      expect(stage.truly(`new-${String(index)}`), 'one folder').toHaveLength(1);
      expect(stage.drive.paths().filter((path) => path.endsWith(key))).toHaveLength(1);
      await expect(wrapped.put(key, sourceOf(bytes), {}, signal)).rejects.toMatchObject({
        failure: { code: 'conflict' },
      });
    }
  });

  function lastChunk(headers: Readonly<Record<string, string>>): boolean {
    const [, end, total] = /^bytes \d+-(\d+)\/(\d+)$/u.exec(headers['content-range'] ?? '') ?? [];
    return end !== undefined && Number(end) + 1 === Number(total);
  }
  function isFolder(method: string, path: string): boolean {
    return method === 'POST' && path.startsWith('/drive/v3/files?');
  }
});

describe('bytes that arrive wrong', () => {
  test.each([
    ['a small', 100_000],
    ['a large', 9 * mebibyte],
  ])('%s file with a wrong byte is refused and leaves nothing', async (_size, count) => {
    const bytes = someBytes(count);
    stage.proxy.behave({
      body: (request) =>
        isUpload(request) && request.body.length > 50_000
          ? request.body.fill(0, 50_000, 50_010)
          : undefined,
    });
    const put = stage.destination.put('wrong.jpg', sourceOf(bytes), {}, signal);
    expect(await failureOfPut(put)).toMatchObject({ code: 'corrupt' });
    expect(stage.truly('wrong.jpg')).toEqual([]);
    stage.proxy.behave({});
    await stage.destination.put('wrong.jpg', sourceOf(bytes), {}, signal);
    expect(stage.truly('wrong.jpg')).toEqual([sha256Of(bytes)]);
  });

  test('a file that was stored short or otherwise is taken away', async () => {
    for (const stores of [
      (bytes: Buffer) => bytes.subarray(1),
      (bytes: Buffer) => Buffer.from(bytes).fill(0, 5, 9),
    ]) {
      stage.drive.store.moods.stores = stores;
      const put = stage.destination.put('stored.jpg', sourceOf(someBytes(1000)), {}, signal);
      expect(await failureOfPut(put)).toMatchObject({ code: 'corrupt' });
      expect(stage.truly('stored.jpg')).toEqual([]);
    }
  });

  test('without a SHA-256 of the server there is no evidence', async () => {
    stage.drive.store.moods.hidesSha256 = true;
    const result = await stage.destination.put('a.jpg', sourceOf(someBytes(1000)), {}, signal);
    expect(result.evidence).toBeNull();
    expect((await stage.destination.stat('a.jpg', signal))?.hashes.sha256).toBeUndefined();
  });
});

describe('connections to Google Drive that break', () => {
  test('anywhere in an upload: nothing is lost and nothing shows half', async () => {
    const tcp = await startTcpProxy(stage.drive.port);
    for (const [round, count] of [40_000, 9 * mebibyte].entries()) {
      const bytes = someBytes(count, round + 1);
      for (const cutAfterSent of [100, 3000, count >> 1, count - 100]) {
        const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
        const fresh = decorated(await openDrive(stage.access, tcp.port));
        await fresh.check(signal);
        tcp.breakAfter(cutAfterSent);
        const outcome = await fresh.put(key, sourceOf(bytes), {}, signal).catch(failureOf);
        const stored = 'evidence' in outcome || outcome.code === 'conflict';
        expect(stage.truly(key)).toEqual(stored ? [sha256Of(bytes)] : []);
        await fresh.close();
      }
    }
    expect(tcp.broken()).toBe(8);
    await tcp.close();
  });

  test('in a download: it goes on where it stopped', async () => {
    const bytes = someBytes(3 * mebibyte);
    await stage.destination.put('download.jpg', sourceOf(bytes), {}, signal);
    const tcp = await startTcpProxy(stage.drive.port);
    tcp.plan((connection) => (connection === 1 ? { cutAfterReceived: 1_000_000 } : undefined));
    const reader = decorated(await openDrive(stage.access, tcp.port));
    const back = await collect(reader.open('download.jpg', null, signal));
    expect(sha256Of(back)).toBe(sha256Of(bytes));
    expect(tcp.broken()).toBe(1);
    await reader.close();
    await tcp.close();
  });
});
