import { pictureSizeSchema } from '../../../shared/contract/app/engine-control.ts';
import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import { assetIdSchema } from '../../../shared/contract/app/timeline.ts';

/** What an address of the host leads to. */
export type Place =
  | { readonly place: 'file'; readonly address: string }
  | { readonly place: 'bridge' }
  /** The first address, which gives the session to whoever knows it. */
  | { readonly place: 'entrance'; readonly token: string }
  | { readonly place: 'engine' }
  | { readonly place: 'picture'; readonly asset: string; readonly size: PictureSize }
  | { readonly place: 'upload'; readonly batch: string; readonly item: string };

/** Address of the script that makes `window.cloudroll`. */
export const bridgeAddress = '/bridge.js';
export const pageAddress = '/index.html';
const entrance = '/enter/';
const engineAddress = '/engine';

/** Path of the first address. */
export function entrancePath(token: string): string {
  return `${entrance}${token}`;
}

/**
 * What the path of a request means; null where there can be nothing.
 *
 * @param era names this start of the host: ids of photos mean something only within it
 */
export function placeOf(pathname: string, era: string): Place | null {
  if (pathname === bridgeAddress) return { place: 'bridge' };
  if (pathname === engineAddress) return { place: 'engine' };
  if (pathname.startsWith(entrance)) {
    return { place: 'entrance', token: pathname.slice(entrance.length) };
  }
  const [, kind, ...parts] = pathname.split('/');
  if (kind === 'pictures') return pictureOf(parts, era);
  if (kind === 'uploads') return uploadOf(parts);
  return { place: 'file', address: isView(pathname) ? pageAddress : pathname };
}

/** The views of the window have addresses of their own, and all of them are the one page. */
function isView(pathname: string): boolean {
  return !pathname.slice(pathname.lastIndexOf('/')).includes('.');
}

function pictureOf(parts: readonly string[], era: string): Place | null {
  const [given, asset, size, ...rest] = parts;
  const id = assetIdSchema.safeParse(asset);
  const wanted = pictureSizeSchema.safeParse(size);
  if (given !== era || rest.length > 0 || !id.success || !wanted.success) return null;
  return { place: 'picture', asset: id.data, size: wanted.data };
}

const idPattern = /^[\w-]{1,64}$/u;

function uploadOf(parts: readonly string[]): Place | null {
  const [batch = '', item = '', ...rest] = parts;
  if (rest.length > 0 || !idPattern.test(batch) || !idPattern.test(item)) return null;
  return { place: 'upload', batch, item };
}
