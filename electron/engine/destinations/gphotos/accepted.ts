import type { Failure } from '../../../../shared/domain/failure.ts';
import type { PublishableAsset } from '../publisher.ts';

/** Largest files, bytes (developers.google.com/photos/library/guides/upload-media, "Accepted file types and sizes"). */
const largestPhoto = 200 * 1024 * 1024;
const largestVideo = 20 * 1024 * 1024 * 1024;

/** Formats that the same page names. Of RAW it takes "some": those are tried. */
const accepted: ReadonlySet<string> = new Set([
  ...['image/avif', 'image/bmp', 'image/gif', 'image/heic', 'image/heif', 'image/jpeg'],
  ...['image/png', 'image/tiff', 'image/webp'],
  ...['video/3gpp', 'video/3gpp2', 'video/x-ms-asf', 'video/vnd.avi', 'video/mp2t'],
  ...['video/x-m4v', 'video/matroska', 'video/quicktime', 'video/mp4', 'video/mpeg'],
  'video/x-ms-wmv',
]);

const otherwise = 'It stays backed up; Google Photos just does not show it.';

/** Why Google Photos never takes such a file; null where it does. */
export function refusalOf({ kind, mime, bytes }: PublishableAsset): Failure | null {
  if (kind === 'sidecar' || (kind !== 'raw' && !accepted.has(mime))) {
    return {
      code: 'unsupported',
      message: `Google Photos does not take files of this format (${mime}).`,
      hint: otherwise,
    };
  }
  if (kind === 'video' && bytes > largestVideo) {
    return {
      code: 'unsupported',
      message: 'Google Photos takes videos of up to 20 GB.',
      hint: otherwise,
    };
  }
  if (kind !== 'video' && bytes > largestPhoto) {
    return {
      code: 'unsupported',
      message: 'Google Photos takes photos of up to 200 MB.',
      hint: otherwise,
    };
  }
  if (bytes === 0) {
    return { code: 'unsupported', message: 'Google Photos takes no empty files.', hint: otherwise };
  }
  return null;
}
