import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  hangingSource,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { DriveStage } from '../support/destinations/drive-stage.ts';
import { decorated } from '../support/destinations/open-destination.ts';
import { openDrive, signedInAt } from '../support/destinations/open-google-drive.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

let stage: DriveStage;
beforeEach(async () => {
  stage = await DriveStage.set();
});
afterEach(() => stage.clear());

const failureOfPut = (put: Promise<unknown>): Promise<unknown> => put.then(() => null, failureOf);
/** Bytes that went up, questions not counted. */
const bytesSent = (): number =>
  stage.proxy.seen
    .filter(({ method }) => method === 'PUT')
    .reduce((sum, { body }) => sum + body.length, 0);

describe('uploads to Google Drive in a session', () => {
  const bytes = someBytes(25 * mebibyte + 3);

  /** Leaves 16 MiB at the server. */
  async function breakOff(key: string, resume: TokenStore): Promise<void> {
    const controller = new AbortController();
    const source = hangingSource(bytes, 24 * mebibyte + 1, () => undefined);
    const onProgress = (taken: number): void => {
      if (taken >= 16 * mebibyte) controller.abort();
    };
    const put = stage.destination.put(key, source, { resume, onProgress }, controller.signal);
    expect(await failureOfPut(put)).toMatchObject({ code: 'cancelled' });
    expect(stage.truly(key)).toEqual([]);
    stage.proxy.seen.length = 0;
  }

  test('a restart sends only what is missing, and no permission is kept in the clear', async () => {
    const resume = new TokenStore();
    await breakOff('a/resumed.jpg', resume);
    const [uploadId = ''] = stage.drive.uploads.sessions.keys();
    expect(resume.token).not.toContain(uploadId);
    expect(resume.token).not.toContain('upload_id');
    const restarted = await openDrive(stage.access, stage.proxy.port);
    const result = await restarted.put('a/resumed.jpg', sourceOf(bytes), { resume }, signal);
    await restarted.close();
    expect(bytesSent()).toBe(9 * mebibyte + 3);
    expect(result.evidence).toBe('server-sha256');
    expect(resume.token).toBeUndefined();
    expect(stage.truly('a/resumed.jpg')).toEqual([sha256Of(bytes)]);
  });

  test('after a new sign-in it begins again, because the old one sealed the session', async () => {
    const resume = new TokenStore();
    await breakOff('resumed.jpg', resume);
    const again = await openDrive(signedInAt(stage.drive), stage.proxy.port);
    await again.put('resumed.jpg', sourceOf(bytes), { resume }, signal);
    await again.close();
    expect(bytesSent()).toBe(bytes.length);
    expect(stage.truly('resumed.jpg')).toEqual([sha256Of(bytes)]);
  });

  test('what was kept and is garbage does no harm', async () => {
    for (const token of ['', '{', '{"id":"../x"}', 'x'.repeat(10_000)]) {
      const resume = new TokenStore();
      resume.save(token);
      const key = `garbage-${String(token.length)}.jpg`;
      await stage.destination.put(key, sourceOf(someBytes(6 * mebibyte)), { resume }, signal);
      expect(stage.truly(key)).toEqual([sha256Of(someBytes(6 * mebibyte))]);
    }
  });

  test('a session that Google forgot begins again', async () => {
    const resume = new TokenStore();
    await breakOff('forgotten.jpg', resume);
    stage.drive.uploads.sessions.clear();
    await stage.destination.put('forgotten.jpg', sourceOf(bytes), { resume }, signal);
    expect(stage.truly('forgotten.jpg')).toEqual([sha256Of(bytes)]);
  });

  test('a session that is forgotten in the middle is begun again by the next attempt', async () => {
    stage.proxy.behave({
      answer: ({ path, headers }) => {
        if (path.includes('upload_id') && headers['content-range']?.startsWith('bytes 8388608-')) {
          stage.proxy.behave({});
          return { status: 404 };
        }
        return undefined;
      },
    });
    await decorated(stage.destination).put('forgotten.jpg', sourceOf(bytes), {}, signal);
    expect(stage.truly('forgotten.jpg')).toEqual([sha256Of(bytes)]);
  });

  test('bytes of another content are not mixed in', async () => {
    const resume = new TokenStore();
    await breakOff('changed.jpg', resume);
    const other = someBytes(bytes.length, 9);
    await stage.destination.put('changed.jpg', sourceOf(other), { resume }, signal);
    expect(stage.truly('changed.jpg')).toEqual([sha256Of(other)]);
  });

  test('a server that keeps only a part of each chunk gets the rest', async () => {
    stage.drive.store.moods.keepsOfChunk = 3 * mebibyte;
    await stage.destination.put('parts.jpg', sourceOf(someBytes(11 * mebibyte)), {}, signal);
    expect(stage.truly('parts.jpg')).toEqual([sha256Of(someBytes(11 * mebibyte))]);
  });

  test('a server that keeps nothing, or counts wrongly, is not asked for ever', async () => {
    for (const range of [undefined, 'bytes=0-99999999', 'bytes=5-9']) {
      stage.proxy.behave({
        answer: ({ method }) =>
          method === 'PUT'
            ? { status: 308, ...(range === undefined ? {} : { headers: { range } }) }
            : undefined,
      });
      const put = stage.destination.put('odd.jpg', sourceOf(bytes), {}, signal);
      expect(await failureOfPut(put)).toMatchObject({ code: 'serverError' });
      stage.proxy.behave({});
      expect(stage.truly('odd.jpg')).toEqual([]);
    }
  });
});
