import {
  AuthenticationHandler,
  Client,
  FileUpload,
  GraphError,
  LargeFileUploadTask,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import type { Drive, DriveItem } from '@microsoft/microsoft-graph-types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { SystemRandom } from '../../electron/engine/adapters/system-random.ts';
import type { Destination } from '../../electron/engine/destinations/contract.ts';
import { SessionKeeper } from '../../electron/engine/destinations/onedrive/session-keeper.ts';
import {
  collect,
  hangingSource,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import type { Secrets } from '../../electron/engine/secrets/secrets.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { openOneDrive } from '../support/destinations/open-onedrive.ts';
import { startOneDrive, type OneDriveDouble } from '../support/doubles/onedrive.ts';
import { destinationContract } from './destination-contract.ts';

const mebibyte = 1024 * 1024;
const signal = new AbortController().signal;
const folder = '사진 100%25 & Co/Cloudroll';

for (const [title, wrap] of [
  ['OneDrive (double)', (destination: Destination) => destination],
  ['OneDrive (double), decorated', decorated],
] as const) {
  destinationContract(title, async () => {
    const double = await startOneDrive();
    double.graph.pageLimit = 7;
    return {
      manyObjects: 40,
      open: async () => wrap(await openOneDrive(double, folder)),
      finish: double.close,
    };
  });
}

destinationContract('OneDrive (double) that heeds no create-only in single requests', async () => {
  const double = await startOneDrive();
  double.graph.store.moods.contentHeedsFail = false;
  double.graph.store.moods.hashes = 'sha256';
  return { open: () => openOneDrive(double, folder), finish: double.close };
});

/**
 * Microsoft's own client, which goes to https alone: what is under it brings its requests to the double, and lets
 * the double appear as Graph with a server of its own for uploads and downloads.
 */
function graphClient(double: OneDriveDouble): Client {
  const token = double.graph.accounts.issueAccess();
  const signIn = new AuthenticationHandler({ getAccessToken: () => Promise.resolve(token) });
  signIn.setNext({
    execute: async (context) => {
      if (typeof context.request !== 'string') throw new Error('not an address');
      const options: RequestInit = { ...context.options, redirect: 'manual' };
      const arrived = await fetch(localAddress(context.request, double), options);
      const location = arrived.headers.get('location');
      const reply = location === null ? arrived : await fetch(location);
      const { status, headers } = reply;
      const isJson = headers.get('content-type')?.startsWith('application/json') === true;
      context.response = isJson
        ? new Response(outsideAddresses(await reply.text(), double), { status, headers })
        : reply;
    },
  });
  return Client.initWithMiddleware({ middleware: signIn });
}

const graphAddress = 'https://graph.microsoft.com';
const outside = 'https://up.example.com';

function outsideAddresses(text: string, { origin }: OneDriveDouble): string {
  const graph = text.replaceAll(`${origin}/v1.0`, `${graphAddress}/v1.0`);
  return graph.replaceAll(origin, outside);
}

function localAddress(address: string, { origin }: OneDriveDouble): string {
  return address.replace(graphAddress, origin).replace(outside, origin);
}

describe('OneDrive', () => {
  let double: OneDriveDouble;
  let destination: Destination;

  beforeEach(async () => {
    double = await startOneDrive();
    destination = await openOneDrive(double, 'Cloudroll');
    await destination.check(signal);
    double.seen.length = 0;
  });
  afterEach(async () => {
    await destination.close();
    await double.close();
  });

  const stored = (key: string): string | null => {
    const bytes = double.graph.store.files().get(`Cloudroll/${key}`);
    return bytes === undefined ? null : sha256Of(bytes);
  };
  const failureOfPut = (bytes: Uint8Array, key = 'a.jpg') =>
    destination.put(key, sourceOf(bytes), {}, signal).then(() => null, failureOf);
  const rangesSent = (): string[] =>
    double.seen.flatMap(({ headers }) => headers['content-range'] ?? []);

  /** Sends the first fragment of a file of three, and stops. */
  async function breakOff(key: string, bytes: Uint8Array, resume: TokenStore): Promise<void> {
    const controller = new AbortController();
    const source = hangingSource(bytes, 12 * mebibyte, () => undefined);
    const options = {
      resume,
      onProgress: () => {
        controller.abort();
      },
    };
    const put = destination.put(key, source, options, controller.signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'cancelled' });
  }

  test('leaves nothing of its first look behind', () => {
    expect([...double.graph.store.files().keys()]).toEqual([]);
  });

  test('sends the token to Graph alone, never to addresses that it is given', async () => {
    await destination.put('a.jpg', sourceOf(someBytes(5 * mebibyte)), {}, signal);
    await collect(destination.open('a.jpg', null, signal));
    const elsewhere = double.seen.filter(({ path }) => !path.startsWith('/v1.0/'));
    expect(elsewhere.length).toBe(2);
    for (const { headers } of elsewhere) expect(headers.authorization).toBeUndefined();
  });

  test('a SHA-256 that OneDrive tells is proof, its QuickXorHash is none', async () => {
    const first = await destination.put('a.jpg', sourceOf(someBytes(10)), {}, signal);
    expect(first.evidence).toBeNull();
    double.graph.store.moods.hashes = 'sha256';
    for (const [key, count] of [
      ['b.jpg', 10],
      ['c.jpg', 5 * mebibyte],
    ] as const) {
      const bytes = someBytes(count, 2);
      const result = await destination.put(key, sourceOf(bytes), {}, signal);
      expect(result).toMatchObject({
        evidence: 'server-sha256',
        hashes: { sha256: sha256Of(bytes) },
      });
    }
    double.graph.store.moods.hashes = 'none';
    const last = await destination.put('d.jpg', sourceOf(someBytes(10)), {}, signal);
    expect(last.evidence).toBeNull();
  });

  test.each([1000, 5 * mebibyte])('%s bytes that are stored wrong go again', async (count) => {
    double.graph.store.moods.damages = true;
    expect(await failureOfPut(someBytes(count))).toMatchObject({ code: 'corrupt' });
    expect(stored('a.jpg')).toBeNull();
  });

  test('a restart sends only what is missing', async () => {
    const bytes = someBytes(25 * mebibyte + 3);
    const resume = new TokenStore();
    await breakOff('big.mov', bytes, resume);
    expect(rangesSent()).toEqual([`bytes 0-10485759/${String(bytes.length)}`]);
    double.seen.length = 0;
    const restarted = await openOneDrive(double, 'Cloudroll');
    await restarted.check(signal);
    await restarted.put('big.mov', sourceOf(bytes), { resume }, signal);
    await restarted.close();
    expect(rangesSent().map((range) => range.split('-')[0])).toEqual([
      'bytes 10485760',
      'bytes 20971520',
    ]);
    expect(stored('big.mov')).toBe(sha256Of(bytes));
    expect(resume.token).toBeUndefined();
    expect(double.graph.sessions.count).toBe(0);
  });

  test('what is kept is sealed, and can be opened although the sign-in is renewed all the time', async () => {
    const bytes = someBytes(21 * mebibyte);
    const resume = new TokenStore();
    let renewals = 0;
    const secrets: Secrets = { find: () => Promise.resolve(`refresh-${String(renewals)}`) };
    const { accounts } = double.graph;
    const accessTokens = () => ({
      get: () => {
        renewals += 1;
        return Promise.resolve(accounts.issueAccess());
      },
      refused: () => undefined,
    });
    await destination.close();
    destination = await openOneDrive(double, 'Cloudroll', { secrets, accessTokens });
    await breakOff('a.mov', bytes, resume);
    for (const address of double.seen.flatMap(({ path }) => /\/up\/(.+)$/u.exec(path)?.[1] ?? [])) {
      expect(resume.token).not.toContain(address);
    }
    double.seen.length = 0;
    const restarted = await openOneDrive(double, 'Cloudroll', { secrets, accessTokens });
    await restarted.check(signal);
    await restarted.put('a.mov', sourceOf(bytes), { resume }, signal);
    await restarted.close();
    expect(rangesSent().some((range) => range.startsWith('bytes 0-'))).toBe(false);
    expect(stored('a.mov')).toBe(sha256Of(bytes));
    const without = { find: () => Promise.resolve(undefined) };
    await destination.close();
    destination = await openOneDrive(double, 'Cloudroll', { secrets: without });
    await breakOff('b.mov', bytes, resume);
    expect(resume.token).toBeUndefined();
  });

  test('an upload that OneDrive forgot begins again', async () => {
    const bytes = someBytes(21 * mebibyte);
    const resume = new TokenStore();
    await breakOff('a.mov', bytes, resume);
    double.graph.sessions.expire();
    await destination.put('a.mov', sourceOf(bytes), { resume }, signal);
    expect(stored('a.mov')).toBe(sha256Of(bytes));
  });

  test('an upload that ends while it goes on begins again', async () => {
    const bytes = someBytes(21 * mebibyte);
    let ended = false;
    const options = {
      onProgress: () => {
        if (ended) return;
        ended = true;
        double.graph.sessions.expire();
      },
    };
    await destination.put('a.mov', sourceOf(bytes), options, signal);
    expect(stored('a.mov')).toBe(sha256Of(bytes));
  });

  test('what was kept is not used past its time, and for no other content', async () => {
    const bytes = someBytes(21 * mebibyte);
    const resume = new TokenStore();
    await breakOff('a.mov', bytes, resume);
    const kept = resume.token;
    const later = new FakeClock();
    later.wallOffset = Date.now() + 4 * 24 * 3_600_000;
    const restarted = await openOneDrive(double, 'Cloudroll', { clock: later });
    await restarted.put('a.mov', sourceOf(bytes), { resume }, signal);
    expect(rangesSent().filter((range) => range.startsWith('bytes 0-')).length).toBe(2);
    await restarted.close();
    resume.save(kept);
    const other = someBytes(bytes.length, 9);
    await destination.put('b.mov', sourceOf(other), { resume }, signal);
    await destination.close();
    expect(stored('a.mov')).toBe(sha256Of(bytes));
    expect(stored('b.mov')).toBe(sha256Of(other));
    expect(double.graph.sessions.count).toBe(0);
  });

  test.each([
    'http://192.0.2.1/up/1',
    'https://192.0.2.1/up/1',
    'https://localhost/up/1',
    'https://somebody@up.example.com/1',
    'file:///etc/passwd',
    'no address',
  ])('it does not go to %s, whoever says so', async (address) => {
    const bytes = someBytes(5 * mebibyte);
    const resume = new TokenStore();
    const keeper = new SessionKeeper(() => Promise.resolve('a refresh token'), new SystemRandom());
    const kept = { address, expiresMs: Date.now() + 3_600_000, path: 'Cloudroll/a.jpg' };
    await keeper.save(resume, { ...kept, sha256: sha256Of(bytes), bytes: bytes.length });
    expect(resume.token).toBeDefined();
    await destination.put('a.jpg', sourceOf(bytes), { resume }, signal);
    expect(stored('a.jpg')).toBe(sha256Of(bytes));
    await destination.put('b.jpg', sourceOf(someBytes(9)), {}, signal);

    double.graph.pageLimit = 1;
    double.graph.misleads = address;
    const listing = async (): Promise<void> => {
      for await (const { key } of destination.list('', signal)) expect(key).toBe('a.jpg');
    };
    for (const attempt of [
      () => destination.put('c.jpg', sourceOf(bytes), {}, signal),
      listing,
      () => collect(destination.open('a.jpg', null, signal)),
    ]) {
      expect(await attempt().then(() => null, failureOf)).toMatchObject({ code: 'serverError' });
    }
  });

  test('a full OneDrive is quota, and goes on once there is room', async () => {
    const bytes = someBytes(5 * mebibyte);
    double.graph.store.moods.total = 1000;
    for (const count of [2000, bytes.length]) {
      expect(await failureOfPut(someBytes(count))).toMatchObject({ code: 'quota' });
    }
    expect(await destination.quota?.(signal)).toEqual({ usedBytes: 0, totalBytes: 1000 });
    double.graph.store.moods.total = 100 * mebibyte;
    await destination.put('a.jpg', sourceOf(bytes), {}, signal);
    expect(await destination.quota?.(signal)).toEqual({
      usedBytes: bytes.length,
      totalBytes: 100 * mebibyte,
    });
  });

  test('a name that is taken while the file goes up is a conflict, and stays as it is', async () => {
    const bytes = someBytes(21 * mebibyte);
    const rival = someBytes(30, 3);
    let done = false;
    const options = {
      onProgress: () => {
        if (done) return;
        done = true;
        const parent = double.graph.store.find(double.graph.store.root, ['Cloudroll']);
        if (parent === undefined) throw new Error('no folder');
        double.graph.store.writeFile(parent, 'A.MOV', Buffer.from(rival), 'fail', undefined);
      },
    };
    const put = destination.put('a.mov', sourceOf(bytes), options, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
    expect(stored('A.MOV')).toBe(sha256Of(rival));
    await destination.close();
    expect(double.graph.sessions.count).toBe(0);
  });

  test('a token that ended is replaced, a sign-in that was taken back is said', async () => {
    double.graph.accounts.endAccess();
    await destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
    const dead = { get: () => Promise.resolve('dead'), refused: () => undefined };
    const revoked = await openOneDrive(double, 'Cloudroll', { accessTokens: () => dead });
    const failure = await revoked.check(signal).then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'auth' });
    expect(failure?.hint).toContain('Sign in again');
    await revoked.close();
    const nobody = await openDestination('onedrive:///Cloudroll', {});
    const looked = await nobody.check(signal).then(() => null, failureOf);
    expect(looked).toMatchObject({ code: 'auth' });
    expect(looked?.hint).toContain('cloudroll sign-in onedrive');
    await nobody.close();
  });

  test('a folder that is gone is away for a destination that was set up before', async () => {
    for (const purpose of ['write', 'read'] as const) {
      const gone = await openOneDrive(double, 'Elsewhere', { purpose });
      const failure = await gone.check(signal).then(() => null, failureOf);
      expect(failure).toMatchObject({ code: 'offline' });
      await gone.close();
    }
    expect(double.graph.store.find(double.graph.store.root, ['Elsewhere'])).toBeUndefined();
  });

  test('a folder that goes away in the middle is made again', async () => {
    await destination.put('2024/05/a.jpg', sourceOf(someBytes(9)), {}, signal);
    const made = double.graph.store.find(double.graph.store.root, ['Cloudroll', '2024']);
    if (made === undefined) throw new Error('no folder');
    double.graph.store.remove(made);
    await decorated(destination).put('2024/05/b.jpg', sourceOf(someBytes(9)), {}, signal);
    expect(stored('2024/05/b.jpg')).toBe(sha256Of(someBytes(9)));
  });

  test('eight uploads at once make one folder of a name', async () => {
    const fresh = await openOneDrive(double, 'Neu/Ordner');
    const keys = Array.from({ length: 8 }, (_value, index) => `2024/05/${String(index)}.jpg`);
    await Promise.all(keys.map((key) => fresh.put(key, sourceOf(someBytes(9)), {}, signal)));
    await fresh.close();
    const made = double.seen.filter(({ path, method, body }) => {
      const isCreate = method === 'POST' && path.endsWith('/children');
      return isCreate && body.toString().includes('"05"');
    });
    // One that finds no 2024, and one that makes it there.
    expect(made.length).toBe(2);
  });

  test('where a file has the name of a folder, it says so', async () => {
    await destination.put('2024', sourceOf(someBytes(9)), {}, signal);
    expect(await failureOfPut(someBytes(9), '2024/05/a.jpg')).toMatchObject({ code: 'invalid' });
  });

  test('a service that changes names is found out at once', async () => {
    double.graph.store.moods.decodesTwice = true;
    const failure = await destination.check(signal).then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'unsupported' });
    await failureOfPut(someBytes(9), 'b%41.jpg');
    expect([...double.graph.store.files().keys()]).toEqual([]);
  });

  test('names in other case are one file, and it tells by which it is shown', async () => {
    await destination.put('Bild.jpg', sourceOf(someBytes(9)), {}, signal);
    expect(await failureOfPut(someBytes(9), 'bild.JPG')).toMatchObject({ code: 'conflict' });
    expect(await destination.stat('bild.JPG', signal)).toMatchObject({ bytes: 9 });
    const keys: string[] = [];
    for await (const { key } of destination.list('', signal)) keys.push(key);
    expect(keys).toEqual(['Bild.jpg']);
  });

  test('the folder has to be one that OneDrive takes', async () => {
    for (const url of [
      'onedrive://Cloudroll',
      'onedrive:///',
      'onedrive:///a%3Ab',
      'onedrive:///a/..',
      'onedrive:///CON',
      'onedrive:///x_vti_y',
      'onedrive:///~temp',
      `onedrive:///${'long'.repeat(50)}`,
      'onedrive:///Cloudroll?drive=1',
    ]) {
      const opened = openDestination(url, {}).then(() => null, failureOf);
      expect(await opened, url).toMatchObject({ code: 'invalid' });
    }
    const named = await openDestination('onedrive:///A b/C?account=me@example.com', {});
    await named.close();
  });
});

describe('the OneDrive of the tests, met by Microsoft’s own client', () => {
  let double: OneDriveDouble;
  let client: Client;

  beforeEach(async () => {
    double = await startOneDrive();
    client = graphClient(double);
  });
  afterEach(() => double.close());

  test('uploads, lists page by page, downloads and removes', async () => {
    const bytes = someBytes(3 * 327_680 + 5);
    const made = (await client.api('/me/drive/root/children').post({
      name: 'Bilder',
      folder: {},
    })) as DriveItem;
    expect(made.folder).toBeDefined();
    const session = await LargeFileUploadTask.createUploadSession(
      client,
      '/me/drive/root:/Bilder/gro%C3%9F.jpg:/createUploadSession',
      { item: { '@microsoft.graph.conflictBehavior': 'fail', name: 'groß.jpg' } },
    );
    const file = new FileUpload(Uint8Array.from(bytes).buffer, 'groß.jpg', bytes.length);
    const task = new LargeFileUploadTask(client, file, session, { rangeSize: 327_680 });
    const { responseBody } = await task.upload();
    expect(responseBody).toMatchObject({ name: 'groß.jpg', size: bytes.length });
    for (const name of ['a.txt', 'b.txt']) {
      await client.api(`/me/drive/root:/Bilder/${name}:/content`).put('Hello');
    }
    double.graph.pageLimit = 2;
    const page = (await client.api('/me/drive/root:/Bilder:/children').get()) as {
      readonly value: readonly DriveItem[];
      readonly '@odata.nextLink': string;
    };
    const rest = (await client.api(page['@odata.nextLink']).get()) as typeof page;
    expect([...page.value, ...rest.value].map(({ name }) => name).toSorted()).toEqual([
      'a.txt',
      'b.txt',
      'groß.jpg',
    ]);
    const back: unknown = await client
      .api('/me/drive/root:/Bilder/gro%C3%9F.jpg:/content')
      .responseType(ResponseType.ARRAYBUFFER)
      .get();
    if (!(back instanceof ArrayBuffer)) throw new Error('no bytes');
    expect(sha256Of(new Uint8Array(back))).toBe(sha256Of(bytes));
    await client.api('/me/drive/root:/Bilder/a.txt').delete();
    const drive = (await client.api('/me/drive').get()) as Drive;
    expect(drive.quota?.used).toBe(bytes.length + 5);
  });

  test('refuses what OneDrive refuses', async () => {
    const code = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => null,
        (error: unknown) => (error instanceof GraphError ? error.code : error),
      );
    await client.api('/me/drive/root:/a.txt:/content').put('Hello');
    const again = client.api('/me/drive/root:/a.txt:/createUploadSession').post({
      item: { '@microsoft.graph.conflictBehavior': 'fail' },
    });
    expect(await code(again)).toBe('nameAlreadyExists');
    expect(await code(client.api('/me/drive/root:/none/a.txt:/content').put('x'))).toBe(
      'itemNotFound',
    );
    expect(await code(client.api('/me/drive/root:/nothing').get())).toBe('itemNotFound');
    const session = (await client.api('/me/drive/root:/b.bin:/createUploadSession').post({
      item: { '@microsoft.graph.conflictBehavior': 'fail' },
    })) as { uploadUrl: string };
    const send = async (range: string, count: number, more = {}): Promise<number> => {
      const headers = { 'content-range': range, ...more };
      const body = new Uint8Array(count);
      return (
        await fetch(localAddress(session.uploadUrl, double), { method: 'PUT', headers, body })
      ).status;
    };
    expect(await send('bytes 0-9/100', 10)).toBe(400);
    expect(await send('bytes 327680-655359/655360', 327_680)).toBe(416);
    expect(await send('bytes 0-327679/655361', 327_680, { authorization: 'Bearer x' })).toBe(401);
    expect(await send('bytes 0-327679/655361', 327_680)).toBe(202);
    expect(await send('bytes 0-327679/655361', 327_680)).toBe(416);
    expect(await send('bytes 327680-655359/700000', 327_680)).toBe(400);
    expect(await send('bytes 327680-655360/655361', 327_681)).toBe(201);
    expect(await send('bytes 0-327679/655361', 327_680)).toBe(404);
  });
});
