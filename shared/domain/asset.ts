/** Lower-case hexadecimal SHA-256 of a file's bytes: the identity of an asset. */
export type ContentHash = string;

/** What a file is to the product. `sidecar` files describe a photo and travel with it. */
export type MediaKind = 'photo' | 'raw' | 'video' | 'sidecar';

/** A type found by magic bytes, or by extension where the bytes say nothing. */
export interface MediaType {
  readonly kind: MediaKind;
  /** IANA media type, e.g. `image/jpeg`; `application/octet-stream` where none is registered. */
  readonly mime: string;
}

/** Where a capture time came from, best first. */
export const captureTimeSources = [
  'exif',
  'quicktime',
  'gps',
  'takeout',
  'filename',
  'filesystem',
] as const;
export type CaptureTimeSource = (typeof captureTimeSources)[number];

/**
 * When a photo was taken. Folders and the timeline use the wall time, never the computer's own zone.
 */
export interface CaptureTime {
  /** `YYYY-MM-DDTHH:MM:SS[.fff]` as the camera's clock showed it, without a zone. */
  readonly wall: string;
  /** `+09:00`, `-03:30` or `Z`-free `+00:00`; null where unknown. */
  readonly offset: string | null;
  /** Milliseconds since 1970 UTC; null where the offset is unknown. */
  readonly utcMs: number | null;
  readonly source: CaptureTimeSource;
  readonly confidence: 'high' | 'medium' | 'low';
}

/** Everything about an asset that a person may want to see; all fields come from hostile bytes. */
export interface AssetDescription {
  readonly type: MediaType;
  readonly captured: CaptureTime;
  /** Pixels as displayed, after the orientation is applied; null where unknown. */
  readonly width: number | null;
  readonly height: number | null;
  readonly camera: string | null;
  readonly lens: string | null;
  /** Human-readable exposure, e.g. `1/250 s f/2.8 ISO 100`. */
  readonly exposure: string | null;
  /** Degrees, WGS 84. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** 0 to 5 stars; null where not rated. */
  readonly rating: number | null;
  readonly title: string | null;
  /** Milliseconds, for video. */
  readonly durationMs: number | null;
  /** Apple's ContentIdentifier, equal on the two halves of a Live Photo. */
  readonly contentIdentifier: string | null;
}
