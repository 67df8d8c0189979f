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
import { decorated } from '../support/destinations/open-destination.ts';
import { dropboxEndpoints, openDropbox, signedIn } from '../support/destinations/open-dropbox.ts';
import { startDropbox } from '../support/doubles/dropbox.ts';
import type { DropboxRequest, Reply } from '../support/doubles/dropbox.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';

const double = await startDropbox();
afterAll(() => double.close());
const { account, faults } = double;
const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

const upload = 'files/upload';
const start = 'files/upload_session/start';
const append = 'files/upload_session/append_v2';
const finish = 'files/upload_session/finish';

describe('faults at Dropbox', () => {
  let folder: string;
  let destination: Destination;
  let number = 0;

  beforeEach(async () => {
    number += 1;
    folder = `Faults ${String(number)}`;
    destination = await openDropbox(double, folder);
    double.seen.length = 0;
  });
  afterEach(async () => {
    for (const name of ['answer', 'body', 'losesReply', 'reply'] as const) faults[name] = undefined;
    await destination.close();
  });

  const truly = (key: string): string | null => {
    const bytes = account.tree.bytesOf(`/${folder}/${key}`);
    return bytes === undefined ? null : sha256Of(bytes);
  };
  const sent = (route: string): readonly DropboxRequest[] =>
    double.seen.filter((request) => request.route === route && request.body.length > 0);
  const bytesSent = (): number =>
    [append, finish]
      .flatMap((route) => sent(route))
      .reduce((sum, { body }) => sum + body.length, 0);
  const putting = (one: Destination, key: string, bytes: Uint8Array) =>
    one.put(key, sourceOf(bytes), {}, signal).then(({ evidence }) => evidence, failureOf);

  test.each([
    ['a small file', 100_000, upload],
    ['a piece of a large file', 20 * mebibyte, append],
    ['the last piece of a large file', 20 * mebibyte, finish],
  ])('%s that arrives with a wrong byte is refused and leaves nothing', async (_, count, route) => {
    faults.body = (request) => {
      if (request.route !== route || request.body.length < 50_000) return undefined;
      return Buffer.from(request.body).fill(0, 5, 9);
    };
    const outcome = await putting(destination, 'wrong.jpg', someBytes(count));
    expect(outcome).toMatchObject({ code: 'corrupt' });
    expect(truly('wrong.jpg')).toBeNull();
  });

  test.each([
    ['a small file', 100_000, upload],
    ['the end of a large file', 20 * mebibyte, finish],
  ])(
    '%s whose reply is lost is there once, and known without being read',
    async (_, count, route) => {
      let lost = 0;
      faults.losesReply = (request) => {
        if (request.route !== route || lost > 0) return false;
        lost += 1;
        return true;
      };
      const bytes = someBytes(count);
      const outcome = await putting(decorated(destination), 'lost.jpg', bytes);
      expect(outcome).toMatchObject({ code: 'conflict' });
      expect(lost).toBe(1);
      expect(truly('lost.jpg')).toBe(sha256Of(bytes));
      expect(account.tree.files.filter((path) => path.startsWith(`/${folder}/`))).toHaveLength(1);
      const info = await destination.stat('lost.jpg', signal);
      expect(info?.hashes).toEqual({ sha256: sha256Of(bytes) });
    },
  );

  test.each([
    ['the beginning', start],
    ['a piece', append],
  ])('a large file of which the reply to %s is lost goes on', async (_, route) => {
    let lost = 0;
    faults.losesReply = (request) => {
      if (request.route !== route || lost > 0) return false;
      lost += 1;
      return true;
    };
    const bytes = someBytes(30 * mebibyte + 1);
    const resume = new TokenStore();
    const options = { resume };
    const put = decorated(destination).put('big.jpg', sourceOf(bytes), options, signal);
    expect(await put).toMatchObject({ evidence: 'server-sha256' });
    expect(lost).toBe(1);
    expect(resume.token).toBeUndefined();
    // A piece may be sent once more before Dropbox says that it has it.
    expect(bytesSent()).toBeLessThanOrEqual(bytes.length + 8 * mebibyte);
    expect(truly('big.jpg')).toBe(sha256Of(bytes));
  });

  test('a restart sends only what the session lacks, even from the middle of a piece', async () => {
    const bytes = someBytes(40 * mebibyte + 1);
    const resume = new TokenStore();
    const controller = new AbortController();
    const options = {
      resume,
      onProgress: (taken: number) => {
        if (taken >= 16 * mebibyte) controller.abort();
      },
    };
    const interrupted = hangingSource(bytes, 39 * mebibyte, () => undefined);
    const put = destination.put('big.jpg', interrupted, options, controller.signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'cancelled' });
    expect(truly('big.jpg')).toBeNull();
    const [session = ''] = account.sessions.open.slice(-1);
    const had = Number(resume.token !== undefined) * account.sessions.lengthOf(session);
    account.sessions.append(
      { session_id: session, offset: had },
      Buffer.from(bytes.subarray(had, had + 1_000_003)),
      false,
    );
    double.seen.length = 0;
    const restarted = await openDropbox(double, folder);
    const result = await restarted.put('big.jpg', sourceOf(bytes), { resume }, signal);
    await restarted.close();
    expect(result.evidence).toBe('server-sha256');
    expect(bytesSent()).toBe(bytes.length - had - 1_000_003);
    expect(resume.token).toBeUndefined();
    expect(truly('big.jpg')).toBe(sha256Of(bytes));
  });

  test.each([
    ['expired', false],
    ['holds other bytes', true],
  ])('a session that %s in the meantime is given up, and nothing false stays', async (_, other) => {
    const bytes = someBytes(20 * mebibyte);
    const resume = new TokenStore();
    const id = account.sessions.start(Buffer.from(someBytes(8 * mebibyte, 7)), false);
    const token = { session: id, key: 'big.jpg', sha256: sha256Of(bytes), bytes: bytes.length };
    resume.save(JSON.stringify(token));
    if (!other) account.sessions.expire();
    const outcome = await destination
      .put('big.jpg', sourceOf(bytes), { resume }, signal)
      .then(({ evidence }) => evidence, failureOf);
    if (other) {
      expect(outcome).toMatchObject({ code: 'corrupt' });
      expect(truly('big.jpg')).toBeNull();
      expect(resume.token).toBeUndefined();
      await destination.put('big.jpg', sourceOf(bytes), { resume }, signal);
    } else {
      expect(outcome).toBe('server-sha256');
    }
    expect(truly('big.jpg')).toBe(sha256Of(bytes));
  });

  test('a session that ends in the middle of an upload begins anew', async () => {
    let ended = false;
    faults.answer = ({ route }) => {
      if (route === append && sent(append).length === 2 && !ended) {
        account.sessions.expire();
        ended = true;
      }
      return undefined;
    };
    const bytes = someBytes(30 * mebibyte);
    const resume = new TokenStore();
    const put = decorated(destination).put('big.jpg', sourceOf(bytes), { resume }, signal);
    expect(await put).toMatchObject({ evidence: 'server-sha256' });
    expect(ended).toBe(true);
    expect(truly('big.jpg')).toBe(sha256Of(bytes));
  });

  test('a piece that is refused although its place was right is sent again, and no other', async () => {
    let hitches = 0;
    faults.answer = ({ route }) => {
      if (route !== append || sent(append).length !== 2 || hitches > 0) return undefined;
      hitches += 1;
      const error = { '.tag': 'incorrect_offset', correct_offset: 8 * mebibyte };
      return { status: 409, body: JSON.stringify({ error_summary: 'incorrect_offset/', error }) };
    };
    const bytes = someBytes(30 * mebibyte);
    const resume = new TokenStore();
    const put = decorated(destination).put('big.jpg', sourceOf(bytes), { resume }, signal);
    expect(await put).toMatchObject({ evidence: 'server-sha256' });
    expect(hitches).toBe(1);
    expect(bytesSent()).toBe(bytes.length + 8 * mebibyte);
  });

  test('a full Dropbox keeps what was sent, and goes on with the name alone', async () => {
    const { moods } = account.tree;
    const bytes = someBytes(20 * mebibyte);
    const resume = new TokenStore();
    moods.allocated = account.tree.used;
    const put = destination.put('big.jpg', sourceOf(bytes), { resume }, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'quota' });
    moods.allocated = 2 ** 31;
    double.seen.length = 0;
    await destination.put('big.jpg', sourceOf(bytes), { resume }, signal);
    expect(bytesSent()).toBe(0);
    expect(truly('big.jpg')).toBe(sha256Of(bytes));
  });

  const busy = (headers: Record<string, string>, more = {}): Reply => ({
    status: 429,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      error_summary: 'too_many_write_operations/..',
      error: { reason: { '.tag': 'too_many_write_operations' }, ...more },
    }),
  });

  test.each([
    ['in a header', busy({ 'retry-after': '20' })],
    ['in its answer', busy({}, { retry_after: 20 })],
  ])('a Dropbox that asks %s to wait is waited for', async (_, reply) => {
    faults.answer = ({ route }) => (route === upload ? reply : undefined);
    const put = destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
    const failure = await put.then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'rateLimited' });
    expect(Math.abs((failure?.retryAt ?? 0) - Date.now() - 20_000)).toBeLessThan(10_000);
  });

  test('a storm of 429, 500, 503 and locked names passes', async () => {
    const locked = { '.tag': 'path', reason: { '.tag': 'too_many_write_operations' } };
    const storm: Reply[] = [
      busy({ 'retry-after': '0' }),
      { status: 500, body: 'Internal Server Error' },
      { status: 503 },
      { status: 409, body: JSON.stringify({ error_summary: 'path/..', error: locked }) },
    ];
    for (const [key, count, routes] of [
      ['small.jpg', 1000, [upload]],
      ['large.jpg', 20 * mebibyte, [start, append, finish]],
    ] as const) {
      for (const route of routes) {
        let next = 0;
        faults.answer = (request) => (request.route === route ? storm[next++] : undefined);
        const bytes = someBytes(count);
        const name = `${route.replaceAll('/', '-')}-${key}`;
        expect(await putting(decorated(destination), name, bytes)).toBe('server-sha256');
        expect(next).toBeGreaterThan(storm.length);
        expect(truly(name)).toBe(sha256Of(bytes));
      }
    }
  });

  test('answers that cannot be understood are errors, never an empty place', async () => {
    await destination.put('a.jpg', sourceOf(someBytes(9)), {}, signal);
    const list = async (): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of destination.list('', signal)) keys.push(key);
      return keys;
    };
    const answers = [
      '',
      '{',
      'null',
      '[]',
      '{"entries":[]}',
      '{"entries":[],"has_more":true}',
      '{"entries":[{".tag":"file","name":"a"}],"cursor":"c","has_more":false}',
      `{"error":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    ];
    for (const body of answers) {
      for (const status of [200, 409]) {
        faults.answer = () => ({ status, body });
        for (const work of [
          () => list(),
          () => destination.stat('a.jpg', signal),
          () => destination.put('b.jpg', sourceOf(someBytes(9)), {}, signal),
        ]) {
          const failure = await work().then(() => null, failureOf);
          expect(failure?.code, `${String(status)} ${body.slice(0, 80)}`).toMatch(
            /^(?:serverError|unsupported)$/u,
          );
        }
      }
    }
    faults.answer = undefined;
    expect(await list()).toEqual(['a.jpg']);
  });

  test('a download that ends too early, or ignores the range, is an error or goes on', async () => {
    const bytes = someBytes(300_000);
    await destination.put('a.jpg', sourceOf(bytes), {}, signal);
    let short = 0;
    faults.reply = ({ route }, reply) => {
      if (route !== 'files/download' || short > 2 || !Buffer.isBuffer(reply.body)) return undefined;
      short += 1;
      const body = reply.body.subarray(0, reply.body.length >> 1);
      return { ...reply, body };
    };
    const read = collect(decorated(destination).open('a.jpg', null, AbortSignal.timeout(50_000)));
    expect(sha256Of(await read)).toBe(sha256Of(bytes));
    expect(short).toBe(3);
    faults.reply = ({ route }, reply) =>
      route === 'files/download' ? { ...reply, status: 200 } : undefined;
    const part = collect(destination.open('a.jpg', { start: 5, end: 9 }, signal));
    expect(await part.then(() => null, failureOf)).not.toBeNull();
  });

  test('a reply that breaks off anywhere is asked for again', async () => {
    const content = await startTcpProxy(double.ports.content);
    const api = await startTcpProxy(double.ports.api);
    const ports = { ...double.ports, api: api.port, content: content.port };
    const context = { endpoints: dropboxEndpoints(ports), accessTokens: signedIn(double) };
    const bytes = someBytes(300_000);
    for (let index = 0; index < 5; index += 1) {
      const name = `${String(index)}.jpg`;
      await destination.put(name, sourceOf(index === 0 ? bytes : someBytes(9, index)), {}, signal);
    }
    for (const cut of [1, 100, 400, 1000]) {
      const fresh = decorated(await openDropbox(double, folder, context));
      api.plan((connection) => (connection === 1 ? { cutAfterReceived: cut } : undefined));
      const keys: string[] = [];
      for await (const { key } of fresh.list('', signal)) keys.push(key);
      expect(keys).toHaveLength(5);
      content.plan((connection) =>
        connection === 1 ? { cutAfterReceived: 100 * cut } : undefined,
      );
      expect(sha256Of(await collect(fresh.open('0.jpg', null, signal)))).toBe(sha256Of(bytes));
      await fresh.close();
    }
    expect(api.broken()).toBe(4);
    expect(content.broken()).toBe(4);
    await content.close();
    await api.close();
  });

  test('a server that falls silent does not hold up a cancelled upload', async () => {
    const content = await startTcpProxy(double.ports.content);
    content.plan(() => ({ silent: true }));
    const ports = { ...double.ports, content: content.port };
    const context = { endpoints: dropboxEndpoints(ports), accessTokens: signedIn(double) };
    const silent = await openDropbox(double, folder, context);
    const controller = new AbortController();
    faults.answer = ({ route }) => {
      if (route === upload) controller.abort();
      return undefined;
    };
    const put = silent.put('a.jpg', sourceOf(someBytes(100)), {}, controller.signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'cancelled' });
    await silent.close();
    await content.close();
  });

  test('a connection that breaks anywhere loses nothing and shows nothing half', async () => {
    const content = await startTcpProxy(double.ports.content);
    const api = await startTcpProxy(double.ports.api);
    const ports = { ...double.ports, api: api.port, content: content.port };
    const context = { endpoints: dropboxEndpoints(ports), accessTokens: signedIn(double) };
    let rounds = 0;
    for (const [round, count] of [40_000, 20 * mebibyte].entries()) {
      const bytes = someBytes(count, round + 1);
      for (const cutAfterSent of [100, 3000, count >> 1, count - 100]) {
        const key = `cut-${String(round)}-${String(cutAfterSent)}.jpg`;
        const fresh = decorated(await openDropbox(double, folder, context));
        await fresh.check(signal);
        content.breakAfter(cutAfterSent);
        const resume = new TokenStore();
        const outcome = await fresh
          .put(key, sourceOf(bytes), { resume }, signal)
          .then(() => null, failureOf);
        expect(outcome === null || outcome.code === 'conflict', outcome?.message).toBe(true);
        expect(truly(key)).toBe(sha256Of(bytes));
        api.breakAfter(50);
        expect((await fresh.stat(key, signal))?.bytes).toBe(count);
        api.breakAfter(50);
        const keys: string[] = [];
        for await (const info of fresh.list('', signal)) keys.push(info.key);
        expect(keys).toContain(key);
        await fresh.close();
        rounds += 1;
      }
    }
    expect(content.broken()).toBe(rounds);
    expect(api.broken()).toBe(2 * rounds);
    await content.close();
    await api.close();
  });
});
