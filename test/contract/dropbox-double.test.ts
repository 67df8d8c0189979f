import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { bytesUpload, downloadFile, Dropbox, DropboxResponseError, uploadFile } from 'dropbox';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { someBytes } from '../../electron/engine/destinations/validation/sources.ts';
import { temporaryDirectory } from '../support/catalog/temporary-directory.ts';
import { dropboxApp, startDropbox } from '../support/doubles/dropbox.ts';

const double = await startDropbox();
afterAll(() => double.close());
const { account, ports } = double;
const mebibyte = 1024 * 1024;

const hosts: Readonly<Record<string, number>> = {
  'api.dropboxapi.com': ports.api,
  'content.dropboxapi.com': ports.content,
  'www.dropbox.com': ports.site,
};

/** What the client of Dropbox asks of its servers goes to the double. */
const redirected = (address: string, init?: RequestInit): Promise<Response> => {
  const { hostname, pathname, search } = new URL(address);
  const port = hosts[hostname];
  if (port === undefined) throw new Error(`asked ${hostname}`);
  return fetch(`http://127.0.0.1:${String(port)}${pathname}${search}`, init);
};

const refusalSchema = z.object({ error: z.looseObject({ '.tag': z.string() }) });

/** The error of a call that has to be refused. */
async function refusal(call: Promise<unknown>): Promise<{ status: number; error: object }> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof DropboxResponseError)) throw new Error('not refused');
  const body: unknown = outcome.error;
  return { status: outcome.status, error: refusalSchema.parse(body).error };
}

describe('the double, asked by the client that Dropbox makes', () => {
  let client: Dropbox;

  beforeEach(() => {
    const clientId = dropboxApp.clientId;
    const refreshToken = account.signIn.grant();
    client = new Dropbox({ clientId, refreshToken, fetch: redirected });
  });

  test('a file goes up, is found, listed, read in part, and removed in its revision', async () => {
    const contents = Buffer.from(someBytes(5 * mebibyte));
    const path = '/Photos/여름 🏖️\u007f.jpg';
    const put = await client.filesUpload({
      path,
      contents,
      mode: { '.tag': 'add' },
      strict_conflict: true,
      client_modified: '2024-05-17T12:00:00Z',
      mute: true,
    });
    expect(put.result).toMatchObject({ path_display: path, size: contents.length });
    expect(put.result.content_hash).toMatch(/^[0-9a-f]{64}$/u);
    const found = await client.filesGetMetadata({ path: path.toUpperCase() });
    expect(found.result).toMatchObject({ '.tag': 'file', rev: put.result.rev });
    const back: unknown = (await client.filesDownload({ path })).result;
    const { fileBinary } = z.object({ fileBinary: z.instanceof(Buffer) }).parse(back);
    expect(fileBinary.equals(contents)).toBe(true);

    const other = client.filesDeleteV2({ path, parent_rev: '0123456789' });
    expect((await refusal(other)).error).toMatchObject({
      '.tag': 'path_write',
      path_write: { '.tag': 'conflict', conflict: { '.tag': 'file' } },
    });
    await client.filesDeleteV2({ path, parent_rev: put.result.rev });
    expect(await refusal(client.filesGetMetadata({ path }))).toMatchObject({
      status: 409,
      error: { '.tag': 'path', path: { '.tag': 'not_found' } },
    });
  });

  test('a second file of one name is refused, also one of the same content where asked to be', async () => {
    const contents = Buffer.from('first');
    const commit = { path: '/twice.txt', contents, mode: { '.tag': 'add' } as const };
    const { result } = await client.filesUpload(commit);
    expect((await client.filesUpload(commit)).result.rev).toBe(result.rev);
    for (const [again, strict] of [
      [contents, true],
      [Buffer.from('second'), false],
    ] as const) {
      const upload = client.filesUpload({ ...commit, contents: again, strict_conflict: strict });
      expect((await refusal(upload)).error).toMatchObject({
        '.tag': 'path',
        reason: { '.tag': 'conflict', conflict: { '.tag': 'file' } },
        upload_session_id: expect.any(String) as string,
      });
    }
    const below = client.filesUpload({ ...commit, path: '/twice.txt/a.txt' });
    expect((await refusal(below)).error).toMatchObject({
      reason: { conflict: { '.tag': 'file_ancestor' } },
    });
  });

  test('a session takes pieces in their order and says where it stands', async () => {
    const begun = await client.filesUploadSessionStart({ contents: Buffer.from('0123') });
    const { session_id } = begun.result;
    const piece = { contents: Buffer.from('4567'), close: false };
    await client.filesUploadSessionAppendV2({ ...piece, cursor: { session_id, offset: 4 } });
    const again = client.filesUploadSessionAppendV2({
      ...piece,
      cursor: { session_id, offset: 4 },
    });
    expect((await refusal(again)).error).toEqual({ '.tag': 'incorrect_offset', correct_offset: 8 });
    const commit = { path: '/session.txt', mode: { '.tag': 'add' } as const };
    const early = client.filesUploadSessionFinish({ cursor: { session_id, offset: 7 }, commit });
    expect((await refusal(early)).error).toEqual({
      '.tag': 'lookup_failed',
      lookup_failed: { '.tag': 'incorrect_offset', correct_offset: 8 },
    });
    const wrong = { cursor: { session_id, offset: 8 }, commit, content_hash: '0'.repeat(64) };
    expect((await refusal(client.filesUploadSessionFinish(wrong))).error).toEqual({
      '.tag': 'content_hash_mismatch',
    });
    const done = { cursor: { session_id, offset: 8 }, commit, contents: Buffer.from('89') };
    expect((await client.filesUploadSessionFinish(done)).result.size).toBe(10);
    account.sessions.expire();
    expect((await refusal(client.filesUploadSessionFinish(done))).error).toMatchObject({
      lookup_failed: { '.tag': 'not_found' },
    });
  });

  test('a large file goes up and comes back by its helpers, also where a reply is lost', async () => {
    const contents = Buffer.from(someBytes(20 * mebibyte + 1));
    let lost = 0;
    double.faults.losesReply = ({ route }) =>
      route === 'files/upload_session/append_v2' && lost++ === 0;
    const commit = { path: '/helpers.bin', mode: { '.tag': 'add' } as const };
    const { metadata } = await uploadFile(client, bytesUpload(contents), commit);
    double.faults.losesReply = undefined;
    expect(lost).toBeGreaterThan(1);
    expect(metadata.size).toBe(contents.length);
    const local = join(await temporaryDirectory(), 'helpers.bin');
    await downloadFile(client, '/helpers.bin', local, { parallelDownloads: 4 });
    expect((await readFile(local)).equals(contents)).toBe(true);
    expect(double.seen.some(({ headers }) => headers.range !== undefined)).toBe(true);
  });

  test('a list comes page by page, and a cursor may be reset', async () => {
    for (let index = 0; index < 5; index += 1) {
      await client.filesUpload({ path: `/List/Sub/${String(index)}`, contents: Buffer.from('x') });
    }
    const first = await client.filesListFolder({ path: '/list', recursive: true, limit: 4 });
    expect(first.result).toMatchObject({ has_more: true });
    const { cursor } = first.result;
    const rest = await client.filesListFolderContinue({ cursor });
    const paths = [...first.result.entries, ...rest.result.entries].map((one) => one.path_display);
    expect(paths).toContain('/List/Sub');
    expect(paths.filter((path) => /\d$/u.test(path ?? ''))).toHaveLength(5);
    account.resetCursors();
    expect((await refusal(client.filesListFolderContinue({ cursor }))).error).toEqual({
      '.tag': 'reset',
    });
    const missing = client.filesListFolder({ path: '/none' });
    expect((await refusal(missing)).error).toMatchObject({ path: { '.tag': 'not_found' } });
  });

  test('the account tells its space and its name, and a sign-in can be ended', async () => {
    const { result } = await client.usersGetSpaceUsage();
    expect(result.allocation).toEqual({ '.tag': 'individual', allocated: 2 ** 31 });
    expect((await client.usersGetCurrentAccount()).result.email).toBe('me@example.com');
    await client.authTokenRevoke();
    expect(await refusal(client.usersGetSpaceUsage())).toMatchObject({
      status: 401,
      error: { '.tag': 'invalid_access_token' },
    });
  });

  test('a sign-in with a proof instead of a secret gives a token that lasts', async () => {
    const verifier = randomBytes(48).toString('base64url');
    const [redirect = ''] = dropboxApp.redirects;
    const page = new URL(`http://127.0.0.1:${String(ports.site)}/oauth2/authorize`);
    page.search = new URLSearchParams({
      client_id: dropboxApp.clientId,
      response_type: 'code',
      redirect_uri: redirect,
      token_access_type: 'offline',
      scope: dropboxApp.scopes.join(' '),
      state: 'a state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString();
    const reply = await fetch(page, { redirect: 'manual' });
    const back = new URL(reply.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe(redirect);
    expect(back.searchParams.get('state')).toBe('a state');
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      client_id: dropboxApp.clientId,
      redirect_uri: redirect,
      code_verifier: verifier,
    });
    const address = 'https://api.dropboxapi.com/oauth2/token';
    const granted = await redirected(address, { method: 'POST', body: form });
    const { refresh_token: refreshToken } = z
      .object({ refresh_token: z.string(), access_token: z.string() })
      .parse(await granted.json());
    const options = { clientId: dropboxApp.clientId, refreshToken, fetch: redirected };
    expect((await new Dropbox(options).usersGetSpaceUsage()).status).toBe(200);
    // A code is good for one time.
    expect((await redirected(address, { method: 'POST', body: form })).status).toBe(400);
    page.searchParams.set('redirect_uri', 'http://localhost:1/');
    expect((await fetch(page, { redirect: 'manual' })).status).toBe(400);
  });

  test('what is not said as documented is refused', async () => {
    const token = account.signIn.accessToken(account.signIn.grant());
    const authorization = `Bearer ${token}`;
    const ask = async (
      host: 'api' | 'content',
      route: string,
      headers: Readonly<Record<string, string>>,
      body?: string,
    ): Promise<number> => {
      const address = `http://127.0.0.1:${String(ports[host])}/2/${route}`;
      const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
      return (await fetch(address, init)).status;
    };
    const json = { authorization, 'content-type': 'application/json' };
    const octets = { authorization, 'content-type': 'application/octet-stream' };
    const path = JSON.stringify({ path: '/a' });
    expect(
      await ask('api', 'files/get_metadata', { 'content-type': 'application/json' }, path),
    ).toBe(400);
    expect(
      await ask('api', 'files/get_metadata', { ...json, 'content-type': 'text/xml' }, path),
    ).toBe(400);
    expect(await ask('api', 'files/get_metadata', json, '{"path":"a"}')).toBe(400);
    expect(await ask('api', 'files/get_metadata', json, '{"path":"/a","more":1}')).toBe(400);
    expect(await ask('api', 'files/nothing', json, path)).toBe(400);
    expect(await ask('api', 'files/upload', json, path)).toBe(400);
    expect(await ask('api', 'users/get_space_usage', json, '{}')).toBe(400);
    expect(await ask('content', 'files/upload', octets, 'x')).toBe(400);
    const latin = { ...octets, 'dropbox-api-arg': '{"path":"/\u00e9"}' };
    expect(await ask('content', 'files/upload', latin, 'x')).toBe(400);
    const form = { ...latin, 'dropbox-api-arg': path, 'content-type': 'text/xml' };
    expect(await ask('content', 'files/upload', form, 'x')).toBe(400);
    expect(await ask('content', 'files/download', form, undefined)).toBe(400);
    account.signIn.expireAccessTokens();
    expect(await ask('api', 'files/get_metadata', json, path)).toBe(401);
  });
});
