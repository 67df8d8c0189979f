import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { PictureFile } from '../../../electron/main/engine/picture-requests.ts';
import { fileOf } from '../../../electron/main/protocol/app-files.ts';
import { answer } from '../../../electron/main/protocol/protocol.ts';
import { fail } from '../../../shared/domain/failure.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at % 251);
let root = '';
let files = '';
const asked: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cloudroll-protocol-'));
  files = join(root, 'window');
  await mkdir(join(files, 'assets'), { recursive: true });
  await writeFile(join(files, 'index.html'), '<!doctype html>');
  await writeFile(join(files, 'assets', 'a.js'), 'export {};');
  await writeFile(join(files, 'assets', 'a.exe'), 'no');
  await writeFile(join(root, 'secret.json'), '{}');
  await writeFile(join(root, 'film.mp4'), bytes);
  await symlink(join(root, 'secret.json'), join(root, 'link.json'));
});
afterAll(() => rm(root, { recursive: true }));

function find(asset: string): Promise<PictureFile | null> {
  asked.push(asset);
  if (asset === 'none') return Promise.resolve(null);
  if (asset === 'changed') {
    const path = join(root, 'film.mp4');
    return Promise.resolve({ path, size: 5, mime: 'video/mp4', tag: 'v0' });
  }
  if (asset === 'lost') return Promise.reject(fail('offline', 'Gone.'));
  const mime = asset === 'page' ? 'text/html' : 'video/mp4';
  return Promise.resolve({ path: join(root, 'film.mp4'), size: bytes.length, mime, tag: 'v"1' });
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Response> {
  return answer(new Request(url, { headers, method }), { files, findPicture: find });
}

const film = 'cloudroll://picture/abc/original';

describe('pictures', () => {
  test('come whole, with their type, length and validator', async () => {
    const response = await get(film);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('video/mp4');
    expect(response.headers.get('Content-Length')).toBe('1000');
    expect(response.headers.get('Accept-Ranges')).toBe('bytes');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(response.headers.get('ETag')).toBe('"v_1"');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test.each([
    ['bytes=0-99', 0, 99],
    ['bytes=900-', 900, 999],
    ['bytes=-100', 900, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=-5000', 0, 999],
  ])('in part for %s', async (range, first, last) => {
    const response = await get(film, { Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(
      `bytes ${String(first)}-${String(last)}/1000`,
    );
    expect(response.headers.get('Content-Length')).toBe(String(last - first + 1));
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes.slice(first, last + 1));
  });

  test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('416 for %s', async (range) => {
    const response = await get(film, { Range: range });
    expect(response.status).toBe(416);
    expect(response.headers.get('Content-Range')).toBe('bytes */1000');
  });

  test.each(['bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=-'])(
    'whole for %s, which may be ignored',
    async (range) => {
      expect((await get(film, { Range: range })).status).toBe(200);
    },
  );

  test('whole when the range was for other bytes', async () => {
    expect((await get(film, { Range: 'bytes=0-1', 'If-Range': '"other"' })).status).toBe(200);
    expect((await get(film, { Range: 'bytes=0-1', 'If-Range': '"v_1"' })).status).toBe(206);
  });

  test('not again where the page has them', async () => {
    expect((await get(film, { 'If-None-Match': '"v_1"' })).status).toBe(304);
  });

  test('are never a page that could run something', async () => {
    const response = await get('cloudroll://picture/page/original');
    expect(response.headers.get('Content-Type')).toBe('application/octet-stream');
    expect(response.headers.get('Content-Security-Policy')).toContain('sandbox');
  });

  test('are not sent when the file is another by now', async () => {
    expect((await get('cloudroll://picture/changed/original')).status).toBe(404);
  });

  test('404 where there is none, 503 while the engine is away, 405 for anything but reading', async () => {
    expect((await get('cloudroll://picture/none/grid')).status).toBe(404);
    expect((await get('cloudroll://picture/lost/grid')).status).toBe(503);
    expect((await get(film, {}, 'DELETE')).status).toBe(405);
  });

  test.each([
    'cloudroll://picture/../../etc/passwd',
    'cloudroll://picture/%2Fetc%2Fpasswd/original',
    'cloudroll://picture/abc/huge',
    'cloudroll://picture/ABC/grid',
    'cloudroll://picture/abc/grid/more',
    'cloudroll://picture/abc',
  ])('by id only: %s is nothing, and the engine is not asked', async (url) => {
    asked.length = 0;
    expect((await get(url)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe("the app's own files", () => {
  test('come with the policy', async () => {
    const page = await get('cloudroll://app/index.html?x=1#/settings');
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    const script = await get('cloudroll://app/assets/a.js');
    expect(script.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  });

  test('a view is the page', async () => {
    expect(await (await get('cloudroll://app/settings/about')).text()).toBe('<!doctype html>');
  });

  test.each([
    'cloudroll://app/../secret.json',
    'cloudroll://app/%2e%2e/secret.json',
    'cloudroll://app/..%2fsecret.json',
    'cloudroll://app/assets/..%5c..%5csecret.json',
    'cloudroll://app/%00index.html',
    'cloudroll://app/%E0%A4%A',
    'cloudroll://app/assets/a.exe',
    'cloudroll://app/missing.js',
    'cloudroll://other/index.html',
  ])('%s is not handed out', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  test('nothing outside its folder, whatever the address', () => {
    const part = fc.constantFrom('..', '%2e%2e', '.', 'a', '%2f', '/', '\\', '%5c', 'x.js', '%00');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const file = fileOf(`cloudroll://app/${parts.join('/')}`, '/app/window');
        if (file !== null) expect(file.startsWith('/app/window/')).toBe(true);
      }),
    );
  });
});
