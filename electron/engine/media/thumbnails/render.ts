import sharp, { type JpegOptions, type Sharp } from 'sharp';
import { fail } from '../../../../shared/domain/failure.ts';
import type { ThumbnailSizes } from '../../ports/thumbnailer.ts';
import { thumbHashOf, type Pixels } from './thumb-hash.ts';
import type { RenderedThumbnail } from './thumbnail-protocol.ts';

/** The grid picture fits in this box: rows of a timeline are up to 320 px high on a fine screen. */
const gridBox = { width: 512, height: 320 };
const previewBox = { width: 1920, height: 1920 };
/** More is a decompression bomb or needs another program. */
const mostPixels = 300_000_000;
const gridEncoding = { quality: 78 };
/** Tables made for each picture save a twentieth of a photo's bytes here and double the time of encoding. */
const previewEncoding = { quality: 82, optimiseCoding: false };
/** Under a transparent picture: JPEG has no transparency. */
const paper = '#ffffff';

/**
 * Renders a picture upright, in sRGB and 8 bits, its first frame only. The original is decoded once, to the
 * pixels of the largest size; the smaller sizes and the hash are made from those pixels.
 *
 * @throws a `corrupt` or `unsupported` failure where the decoder refuses the bytes.
 */
export async function renderThumbnail(
  bytes: Buffer,
  sizes: ThumbnailSizes,
): Promise<RenderedThumbnail> {
  try {
    const picture = await openPicture(bytes);
    const large = sizes === 'all' ? await picture.decode(previewBox) : null;
    const small = large === null ? await picture.decode(gridBox) : await shrink(large, gridBox);
    const grid = await encode(small, gridEncoding);
    const preview = large === null ? null : await encode(large, previewEncoding);
    const { width, height } = picture;
    return { grid, preview, width, height, thumbHash: thumbHashOf(small) };
  } catch (error) {
    throw decoderFailure(error);
  }
}

type Box = typeof gridBox;

interface Picture {
  readonly width: number;
  readonly height: number;
  decode(box: Box): Promise<Pixels>;
}

async function openPicture(bytes: Buffer): Promise<Picture> {
  const limits = { failOn: 'error', limitInputPixels: mostPixels } as const;
  const { autoOrient, icc, hasAlpha } = await sharp(bytes, limits).metadata();
  // The colour transform costs more than the decoding; from sRGB to sRGB it changes nothing.
  const options = { ...limits, ignoreIcc: icc !== undefined && isSrgb(icc) };
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    decode(box) {
      const resized = resize(sharp(bytes, options).autoOrient(), box).toColourspace('srgb');
      return pixelsOf(hasAlpha ? resized.flatten({ background: paper }) : resized);
    },
  };
}

function shrink(pixels: Pixels, box: Box): Promise<Pixels> {
  return pixelsOf(resize(ofPixels(pixels), box));
}

function encode(pixels: Pixels, encoding: JpegOptions): Promise<Buffer> {
  return ofPixels(pixels).jpeg(encoding).toBuffer();
}

function resize(picture: Sharp, box: Box): Sharp {
  return picture.resize({ ...box, fit: 'inside', withoutEnlargement: true });
}

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function ofPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
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
