import type { MediaType } from '../../../shared/domain/asset.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';

/**
 * A pretend media file: a header line `PHOTO <mime> <EXIF date or ->`, then bytes that make it distinct.
 * Small, so that a simulation can afford thousands, and real enough to be hashed, cut and compared.
 */
export interface FakePhoto {
  readonly mime: string;
  /** EXIF `YYYY:MM:DD HH:MM:SS`; null for a file without a date. */
  readonly date: string | null;
  readonly body: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const header = /^PHOTO (\S+) (-|\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)\n/;

export function encodeFakePhoto(photo: FakePhoto): Uint8Array {
  return encoder.encode(`PHOTO ${photo.mime} ${photo.date ?? '-'}\n${photo.body}`);
}

/** Type and tags of pretend media; null where the bytes are something else. */
export function readFakePhoto(
  bytes: Uint8Array,
): { readonly type: MediaType; readonly tags: MetadataTags } | null {
  const [whole, mime, date] = header.exec(decoder.decode(bytes.subarray(0, 80))) ?? [];
  if (whole === undefined || mime === undefined || date === undefined) return null;
  const kind = mime.startsWith('video/') ? 'video' : mime.includes('dng') ? 'raw' : 'photo';
  return { type: { kind, mime }, tags: date === '-' ? {} : { dateTimeOriginal: date } };
}

/** What a name alone says, where the bytes say nothing. */
export function typeByName(name: string): MediaType | null {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (extension === 'xmp') return { kind: 'sidecar', mime: 'application/rdf+xml' };
  if (extension === 'aae') return { kind: 'sidecar', mime: 'application/octet-stream' };
  if (extension === 'jpg') return { kind: 'photo', mime: 'image/jpeg' };
  if (extension === 'mov') return { kind: 'video', mime: 'video/quicktime' };
  return null;
}
