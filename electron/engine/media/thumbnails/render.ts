import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { fail } from '../../../../shared/domain/failure.ts';
import type { ThumbnailSizes } from '../../ports/thumbnailer.ts';
import type { RenderedThumbnail } from './thumbnail-protocol.ts';

/** The grid picture fits in this box: rows of a timeline are up to 320 px high on a fine screen. */
const gridBox = { width: 512, height: 320 };
const previewBox = { width: 1920, height: 1920 };
/** ThumbHash keeps a handful of frequencies: 32 px hold them all. */
const hashBox = { width: 32, height: 32 };
/** More is a decompression bomb or needs another program. */
const mostPixels = 300_000_000;
const gridQuality = 78;
const previewQuality = 82;
/** Under a transparent picture: JPEG has no transparency. */
const paper = '#ffffff';

/**
 * Renders a picture upright, in sRGB and 8 bits, its first frame only. The large size is made from the one
 * decoding of the original, the small ones from the large one.
 *
 * @throws a `corrupt` or `unsupported` failure where the decoder refuses the bytes.
 */
export async function renderThumbnail(
  bytes: Buffer,
  sizes: ThumbnailSizes,
): Promise<RenderedThumbnail> {
  try {
    const picture = await openPicture(bytes);
    const preview = sizes === 'all' ? await picture.render(previewBox, previewQuality) : null;
    const grid =
      preview === null
        ? await picture.render(gridBox, gridQuality)
        : await shrink(preview, gridBox).jpeg({ quality: gridQuality }).toBuffer();
    const thumbHash = await thumbHashOf(grid);
    return { grid, preview, width: picture.width, height: picture.height, thumbHash };
  } catch (error) {
    throw decoderFailure(error);
  }
}

interface Picture {
  readonly width: number;
  readonly height: number;
  render(box: typeof gridBox, quality: number): Promise<Buffer>;
}

async function openPicture(bytes: Buffer): Promise<Picture> {
  const limits = { failOn: 'error', limitInputPixels: mostPixels } as const;
  const { autoOrient, icc, hasAlpha } = await sharp(bytes, limits).metadata();
  // The colour transform costs more than the decoding; from sRGB to sRGB it changes nothing.
  const options = { ...limits, ignoreIcc: icc !== undefined && isSrgb(icc) };
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    render(box, quality) {
      const resized = sharp(bytes, options)
        .autoOrient()
        .resize({ ...box, fit: 'inside', withoutEnlargement: true })
        .toColourspace('srgb');
      const opaque = hasAlpha ? resized.flatten({ background: paper }) : resized;
      return opaque.jpeg({ quality }).toBuffer();
    },
  };
}

function shrink(bytes: Buffer, box: typeof gridBox): Sharp {
  return sharp(bytes).resize({ ...box, fit: 'inside', withoutEnlargement: true });
}

async function thumbHashOf(grid: Buffer): Promise<string> {
  const { data, info } = await shrink(grid, hashBox)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}

/** By the description in the profile (ICC.1:2022, 9.2.41), ASCII in version 2 and UTF-16 in version 4. */
function isSrgb(profile: Buffer): boolean {
  const tagCount = profile.length >= 132 ? Math.min(profile.readUInt32BE(128), 100) : 0;
  for (let tag = 0; tag < tagCount; tag += 1) {
    const at = 132 + tag * 12;
    if (at + 12 > profile.length) return false;
    if (profile.toString('latin1', at, at + 4) !== 'desc') continue;
    const start = profile.readUInt32BE(at + 4);
    const text = profile.toString(
      'latin1',
      start,
      start + Math.min(512, profile.readUInt32BE(at + 8)),
    );
    return text.replaceAll('\0', '').includes('sRGB');
  }
  return false;
}

function decoderFailure(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (/pixel limit/iu.test(text)) {
    return fail('unsupported', 'The picture is too large for a preview.', { cause: error });
  }
  if (
    /unsupported image format|compression format not|not built|bitstream not supported/iu.test(text)
  ) {
    return fail('unsupported', 'This version makes no previews of this kind of picture.', {
      cause: error,
    });
  }
  return fail('corrupt', 'The picture is damaged or cut off, so it has no preview.', {
    hint: 'It is backed up as it is; compare it with another copy if you have one.',
    cause: error,
  });
}
