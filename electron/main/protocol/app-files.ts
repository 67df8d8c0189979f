import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

import { appOrigin } from '../../../shared/contract/desktop/addresses.ts';
import { pageHeaders } from './content-security-policy.ts';

/** Types of the files that a built window consists of; nothing else is handed out. */
const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
]);

/**
 * The file behind `cloudroll://app/…`: below `directory` and nowhere else; a path without an extension is a
 * view of the window, which is `index.html`. Null where there is none.
 */
export function fileOf(address: string, directory: string): string | null {
  const path = decoded(address);
  if (path === null || /[\\\0]/u.test(path) || path.split('/').includes('..')) return null;
  const named = extname(path) === '' ? join(directory, 'index.html') : join(directory, path);
  return named.startsWith(directory + sep) ? named : null;
}

/** Answers `cloudroll://app/…` with the built window's files. */
export async function answerAppFile(request: Request, directory: string): Promise<Response> {
  const path = fileOf(request.url, directory);
  const type = path === null ? undefined : types.get(extname(path));
  if (path === null || type === undefined || request.method !== 'GET') {
    return new Response(null, { status: 404 });
  }
  try {
    const bytes = await readFile(path);
    return new Response(bytes, { headers: { ...pageHeaders, 'Content-Type': type } });
  } catch {
    return new Response(null, { status: 404 });
  }
}

/** The path of an address of the app, without its query. */
function decoded(address: string): string | null {
  if (!address.startsWith(`${appOrigin}/`)) return null;
  const [path = ''] = address.slice(appOrigin.length).split(/[?#]/u);
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
