import type { AssetDescription, MediaType } from './asset.ts';
import { isPosition, resolveCaptureTime, type FileFacts } from './capture-time.ts';
import type { MetadataTags } from './metadata-tags.ts';

const titleLength = 200;
const nameLength = 100;
const identifierLength = 100;
/** No picture or film has a longer side; more is a damaged or hostile header. */
const longestSide = 1_000_000;
const longestFilmMs = 30 * 86_400_000;

/**
 * All that a person may want to see of an asset, made safe to show: numbers in range, text in one line,
 * without control characters and of limited length (still to be escaped by who puts it into HTML).
 *
 * The result depends on the arguments alone. Never throws.
 */
export function describe(
  inspection: { readonly type: MediaType; readonly tags: MetadataTags },
  facts: FileFacts,
): AssetDescription {
  const { type, tags } = inspection;
  return {
    type,
    captured: resolveCaptureTime(tags, facts),
    ...dimensionsOf(tags),
    camera: cameraOf(tags),
    lens: cleanText(tags.lens, nameLength),
    exposure: exposureOf(tags),
    ...positionOf(tags, facts),
    rating: ratingOf(tags.rating),
    title: cleanText(tags.title, titleLength) ?? cleanText(facts.takeout?.description, titleLength),
    durationMs: inRange(tags.durationMs, 0, longestFilmMs),
    contentIdentifier: cleanText(tags.contentIdentifier, identifierLength),
  };
}

/** Pixels as displayed: orientations 5 to 8 lay the picture on its side (EXIF 2.32, 4.6.4). */
function dimensionsOf(tags: MetadataTags): Pick<AssetDescription, 'width' | 'height'> {
  const width = inRange(tags.width, 1, longestSide);
  const height = inRange(tags.height, 1, longestSide);
  if (width === null || height === null) return { width: null, height: null };
  const turned = tags.orientation !== undefined && tags.orientation >= 5 && tags.orientation <= 8;
  return turned ? { width: height, height: width } : { width, height };
}

/** Make and model without repetition: `NIKON CORPORATION` and `NIKON D70` are `NIKON D70`. */
function cameraOf(tags: MetadataTags): string | null {
  const make = cleanText(tags.make, nameLength);
  const model = cleanText(tags.model, nameLength);
  if (make === null || model === null) return model ?? make;
  const firstWord = model.split(/[ -]/u)[0]?.toLowerCase() ?? '';
  const makeWords = make.toLowerCase().split(/[ ,]+/u);
  if (makeWords.includes(firstWord) || model.toLowerCase().startsWith(make.toLowerCase())) {
    return model;
  }
  const company =
    /[ ,]+(?:corporation|corp\.?|company|co\.|ltd\.?|inc\.?|imaging|optical|electric|computer)\b.*$/iu;
  return cleanText(`${make.replace(company, '')} ${model}`, nameLength);
}

function exposureOf(tags: MetadataTags): string | null {
  const time = inRange(tags.exposureTime, 0.000_001, 100_000);
  const aperture = inRange(tags.fNumber, 0.1, 1000);
  const iso = inRange(tags.iso, 1, 10_000_000);
  const focal = inRange(tags.focalLength, 0.1, 100_000);
  const parts = [
    time === null ? null : `${shutterText(time)} s`,
    aperture === null ? null : `f/${rounded(aperture)}`,
    iso === null ? null : `ISO ${String(Math.round(iso))}`,
    focal === null ? null : `${rounded(focal)} mm`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

/** Short times as photographers write them, `1/250`; from 0.3 s on as decimals. */
function shutterText(seconds: number): string {
  return seconds < 0.3 ? `1/${String(Math.round(1 / seconds))}` : rounded(seconds);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function positionOf(
  tags: MetadataTags,
  facts: FileFacts,
): Pick<AssetDescription, 'latitude' | 'longitude'> {
  const { latitude, longitude } = tags;
  if (latitude !== undefined && longitude !== undefined && isPosition(latitude, longitude)) {
    return { latitude, longitude };
  }
  const fallback = facts.takeout;
  if (fallback?.latitude != null && fallback.longitude != null) {
    if (isPosition(fallback.latitude, fallback.longitude)) {
      return { latitude: fallback.latitude, longitude: fallback.longitude };
    }
  }
  return { latitude: null, longitude: null };
}

/** XMP's -1 is a rejected photo and 0 an unrated one (XMP specification part 2, xmp:Rating). */
function ratingOf(rating: number | undefined): number | null {
  const stars = inRange(rating, 1, 5);
  return stars === null ? null : Math.round(stars);
}

function inRange(value: number | null | undefined, least: number, most: number): number | null {
  if (value === null || value === undefined) return null;
  return value >= least && value <= most ? value : null;
}

/**
 * One line of text: control characters, line breaks and the marks that reverse the direction of what
 * follows become spaces or vanish; cut at `length` characters. Null where nothing is left.
 */
export function cleanText(text: string | null | undefined, length: number): string | null {
  if (text === null || text === undefined) return null;
  const line = text
    .slice(0, length * 16)
    .toWellFormed()
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu, '')
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .normalize('NFC');
  const cut = Array.from(line).slice(0, length).join('').trim();
  return cut === '' ? null : cut;
}
