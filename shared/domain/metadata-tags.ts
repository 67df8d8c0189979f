/**
 * The tags that the product uses, as the file holds them: strings and numbers, not yet interpreted.
 * Dates are kept as text because their meaning (zone, source) is decided by our own rules.
 */
export interface MetadataTags {
  /** EXIF `YYYY:MM:DD HH:MM:SS`. */
  readonly dateTimeOriginal?: string;
  readonly subSecTimeOriginal?: string;
  readonly offsetTimeOriginal?: string;
  readonly createDate?: string;
  readonly subSecTimeDigitized?: string;
  readonly offsetTimeDigitized?: string;
  readonly modifyDate?: string;
  readonly offsetTime?: string;
  /** `YYYY:MM:DD` and `HH:MM:SS`, UTC. */
  readonly gpsDate?: string;
  readonly gpsTime?: string;
  /** ISO 8601 with offset, from `com.apple.quicktime.creationdate`. */
  readonly quickTimeCreationDate?: string;
  /** Seconds since 1904, from `mvhd`. */
  readonly quickTimeCreateSeconds?: number;
  readonly width?: number;
  readonly height?: number;
  /** EXIF orientation 1 to 8. */
  readonly orientation?: number;
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
  /** Seconds. */
  readonly exposureTime?: number;
  readonly fNumber?: number;
  readonly iso?: number;
  /** Millimetres. */
  readonly focalLength?: number;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly rating?: number;
  readonly title?: string;
  readonly durationMs?: number;
  readonly contentIdentifier?: string;
}
