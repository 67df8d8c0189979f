import { pictureSizeSchema } from '../app/engine-control.ts';
import type { PictureSize } from '../app/host-bridge.ts';
import { assetIdSchema } from '../app/timeline.ts';

/** The one scheme of the desktop app: for its own files, for pictures, and for links from outside. */
export const appScheme = 'cloudroll';
/** `cloudroll://app/…`: the built window. */
export const appHost = 'app';
/** `cloudroll://picture/<asset>/<size>`: pictures by opaque id. */
export const pictureHost = 'picture';
/** `cloudroll://open/<view>`: links that open a view, from the web or another program. */
export const linkHost = 'open';

/** Origin of every window of the app. */
export const appOrigin = `${appScheme}://${appHost}`;

/** What an address of a picture names; null where it is none. */
export function parsePictureAddress(address: string): { asset: string; size: PictureSize } | null {
  const match = /^cloudroll:\/\/picture\/([^/?#]+)\/([^/?#]+)$/u.exec(address);
  const asset = assetIdSchema.safeParse(match?.[1]);
  const size = pictureSizeSchema.safeParse(match?.[2]);
  return asset.success && size.success ? { asset: asset.data, size: size.data } : null;
}
