import { z } from 'zod';

/** What a Google Takeout JSON says of its photo. */
export interface TakeoutFacts {
  /** Milliseconds since 1970 UTC; null where it is missing or 0. */
  readonly takenMs: number | null;
  /** Degrees; null where unknown (Google writes 0, 0). */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly description: string | null;
}

const geoSchema = z
  .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
  .nullish()
  .catch(null);

const takeoutSchema = z.object({
  title: z.string(),
  description: z.string().nullish().catch(null),
  photoTakenTime: z
    .object({ timestamp: z.string().regex(/^-?\d{1,11}$/u) })
    .nullish()
    .catch(null),
  geoData: geoSchema,
  geoDataExif: geoSchema,
});

/** Reads a Takeout JSON; null where the text is none (an album's, another program's, damaged). Never throws. */
export function parseTakeout(text: string): TakeoutFacts | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = takeoutSchema.safeParse(value);
  if (!parsed.success) return null;
  const { description, photoTakenTime, geoData, geoDataExif } = parsed.data;
  if (photoTakenTime === undefined) return null;
  const seconds = Number(photoTakenTime?.timestamp ?? 0);
  const position = [geoData, geoDataExif].find(
    (geo) => geo !== null && geo !== undefined && (geo.latitude !== 0 || geo.longitude !== 0),
  );
  return {
    takenMs: seconds === 0 ? null : seconds * 1000,
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
    description: description === '' ? null : (description ?? null),
  };
}
