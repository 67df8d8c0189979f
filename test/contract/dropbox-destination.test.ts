import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { openDestination, decorated } from '../support/destinations/open-destination.ts';
import { openDropbox } from '../support/destinations/open-dropbox.ts';
import { startDropbox } from '../support/doubles/dropbox.ts';
import { destinationContract } from './destination-contract.ts';

const double = await startDropbox();
afterAll(() => double.close());
const { account } = double;
const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

destinationContract('Dropbox (double)', () => {
  account.pageSize = 100;
  return Promise.resolve({
    manyObjects: 350,
    open: () => openDropbox(double, '사진 100%25/Sub'),
    finish: () => {
      expect(account.tree.files).toEqual([]);
    },
  });
});

destinationContract('Dropbox (double), decorated', () =>
  Promise.resolve({
    open: async () => decorated(await openDropbox(double, 'Decorated')),
  }),
);

destinationContract('the whole Dropbox (double)', () =>
  Promise.resolve({ open: () => openDropbox(double, '') }),
);

describe('a folder at Dropbox', () => {
  let folder: string;
  let destination: Destination;
  let number = 0;

  beforeEach(async () => {
    account.pageSize = 2000;
    number += 1;
    folder = `Folder ${String(number)}`;
    destination = await openDropbox(double, folder);
    return () => destination.close();
  });

  const keysOf = async (one: Destination, prefix = ''): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of one.list(prefix, signal)) keys.push(key);
    return keys.sort();
  };

  test.each([
    ['small', 100_000],
    ['large', 9 * mebibyte],
    ['large of whole blocks', 16 * mebibyte],
  ])(
    'a %s file is proven by the content hash, also to whoever sends it again',
    async (_, count) => {
      const bytes = someBytes(count);
      const put = await destination.put('a.jpg', sourceOf(bytes), {}, signal);
      expect(put).toMatchObject({
        evidence: 'server-sha256',
        hashes: { sha256: sha256Of(bytes) },
      });
      expect(put.tag).toMatch(/^[0-9a-f]{64}$/u);
      expect(await destination.stat('a.jpg', signal)).toMatchObject({
        hashes: { sha256: sha256Of(bytes) },
        tag: put.tag,
      });

      const other = await openDropbox(double, folder);
      expect(await other.stat('a.jpg', signal)).toMatchObject({ hashes: {}, tag: put.tag });
      if (count <= 8 * mebibyte) {
        const again = other.put('a.jpg', sourceOf(bytes), {}, signal);
        expect(await again.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
        // Having met the bytes itself it knows what the hash at Dropbox means, and need not read them back.
        expect((await other.stat('a.jpg', signal))?.hashes).toEqual({ sha256: sha256Of(bytes) });
      }
      await other.close();
    },
  );

  test('a Dropbox that stores other bytes, or tells no hash, proves nothing', async () => {
    const { moods } = account.tree;
    for (const count of [1000, 9 * mebibyte]) {
      moods.spoils = true;
      const spoilt = destination.put('spoilt.jpg', sourceOf(someBytes(count)), {}, signal);
      expect(await spoilt.then(() => null, failureOf)).toMatchObject({ code: 'corrupt' });
      moods.spoils = false;
      expect(await destination.stat('spoilt.jpg', signal)).toBeNull();
    }
    moods.tellsNoHash = true;
    const silent = await destination.put('silent.jpg', sourceOf(someBytes(9)), {}, signal);
    moods.tellsNoHash = false;
    expect(silent).toMatchObject({ evidence: null, hashes: {}, tag: null });
  });

  test('names that differ in upper and lower case only are one, and the first stays', async () => {
    const first = someBytes(10, 1);
    await destination.put('2024/05/IMG.jpg', sourceOf(first), {}, signal);
    const second = destination.put('2024/05/img.JPG', sourceOf(someBytes(11, 2)), {}, signal);
    expect(await second.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
    expect(await keysOf(destination)).toEqual(['2024/05/IMG.jpg']);
    expect(await collect(destination.open('2024/05/img.jpg', null, signal))).toEqual(
      Buffer.from(first),
    );

    const other = await openDropbox(double, folder.toUpperCase());
    expect(await keysOf(other)).toEqual(['2024/05/IMG.jpg']);
    expect(await keysOf(other, '2024/05/')).toEqual(['2024/05/IMG.jpg']);
    await other.close();
  });

  test.each([
    ['keeps both ways of writing an accent apart', false, 2],
    ['takes them for one', true, 1],
  ])('a Dropbox that %s loses nothing', async (_, mergesForms, count) => {
    account.tree.moods.mergesForms = mergesForms;
    const composed = 'caf\u00e9.jpg';
    const decomposed = 'cafe\u0301.jpg';
    await destination.put(composed, sourceOf(someBytes(10, 1)), {}, signal);
    const second = await destination
      .put(decomposed, sourceOf(someBytes(11, 2)), {}, signal)
      .then(() => 'stored', failureOf);
    const keys = await keysOf(destination);
    expect(keys).toHaveLength(count);
    expect(keys).toContain(composed);
    if (mergesForms) expect(second).toMatchObject({ code: 'conflict' });
    expect(sha256Of(await collect(destination.open(composed, null, signal)))).toBe(
      sha256Of(someBytes(10, 1)),
    );
    account.tree.moods.mergesForms = false;
  });

  test('a folder is never removed, nor is anything below it', async () => {
    await destination.put('2024/05/a.jpg', sourceOf(someBytes(10)), {}, signal);
    await destination.remove('2024', signal);
    await destination.remove('2024/05', signal);
    expect(await destination.stat('2024/05', signal)).toBeNull();
    expect(await keysOf(destination)).toEqual(['2024/05/a.jpg']);
  });

  test('a cursor that Dropbox forgets begins the list again, and nothing comes twice', async () => {
    for (let index = 0; index < 7; index += 1) {
      const bytes = someBytes(10, index + 1);
      await destination.put(`${String(index)}.jpg`, sourceOf(bytes), {}, signal);
    }
    account.pageSize = 3;
    let forgotten = false;
    const keys: string[] = [];
    for await (const { key } of decorated(destination).list('', signal)) {
      keys.push(key);
      if (!forgotten) account.resetCursors();
      forgotten = true;
    }
    expect(keys.sort()).toEqual(['0', '1', '2', '3', '4', '5', '6'].map((name) => `${name}.jpg`));
  });

  test('the space of the account is told', async () => {
    const quota = await destination.quota?.(signal);
    expect(quota).toEqual({ usedBytes: account.tree.used, totalBytes: 2 ** 31 });
  });

  test('the modification time of the file goes along', async () => {
    await destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
    const argument = double.seen.findLast(({ route }) => route === 'files/upload');
    expect(String(argument?.headers['dropbox-api-arg'])).toContain('"2023-11-14T22:13:20Z"');
    const ancient = { ...sourceOf(someBytes(11)), modifiedMs: -1 };
    expect(await destination.put('b.jpg', ancient, {}, signal)).toMatchObject({ bytes: 11 });
  });

  test('it is told apart what stands in the way', async () => {
    const outcome = (one: Destination) => one.check(signal).then(() => null, failureOf);
    const { moods } = account.tree;

    const notSignedIn = await openDestination('dropbox:///Cloudroll', {});
    const failure = await outcome(notSignedIn);
    expect(failure).toMatchObject({ code: 'auth' });
    expect(failure?.hint).toContain('cloudroll sign-in dropbox');
    await notSignedIn.close();

    moods.closed.add(`/${folder.toLowerCase()}`);
    expect(await outcome(destination)).toMatchObject({ code: 'readOnly' });
    const reader = await openDropbox(double, folder, { purpose: 'read' });
    expect(await outcome(reader)).toBeNull();
    await reader.close();
    moods.closed.clear();

    await destination.put('file', sourceOf(someBytes(10)), {}, signal);
    const onFile = await openDropbox(double, `${folder}/file`);
    expect(await outcome(onFile)).toMatchObject({ code: 'invalid' });
    await onFile.close();
    const below = await openDropbox(double, `${folder}/file/sub`);
    expect(await outcome(below)).toMatchObject({ code: 'invalid' });
    await below.close();

    const refused = await openDropbox(double, 'desktop.ini');
    expect(await outcome(refused)).toMatchObject({ code: 'invalid' });
    await refused.close();

    moods.allocated = account.tree.used + 50;
    for (const count of [100, 9 * mebibyte]) {
      const put = destination.put('full.jpg', sourceOf(someBytes(count)), {}, signal);
      expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'quota' });
    }
    moods.allocated = 2 ** 31;
  });

  test('a sign-in that expires goes on by itself; one that ends or lacks a permission says so', async () => {
    account.signIn.expireAccessTokens();
    await destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
    const scopes = ['account_info.read', 'files.metadata.read'];
    const token = account.signIn.accessToken(account.signIn.grant(scopes));
    const accessTokens = () => ({ get: () => Promise.resolve(token), refused: () => undefined });
    const narrow = await openDropbox(double, folder, { accessTokens });
    const missing = await narrow.check(signal).then(() => null, failureOf);
    expect(missing).toMatchObject({ code: 'auth' });
    expect(missing?.message).toContain('permission');
    await narrow.close();
    account.signIn.revokeAll();
    const put = destination.put('b.jpg', sourceOf(someBytes(10)), {}, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'auth' });
  });
});
