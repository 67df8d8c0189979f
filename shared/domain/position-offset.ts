import lookUpZone from '@photostructure/tz-lookup';

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Minutes east of UTC that clocks at a position show at a moment; null where the runtime does not know
 * the zone or the offset is no multiple of 15 minutes (local mean time before zones).
 *
 * @param latitude degrees, -90 to 90.
 * @param longitude degrees, -180 to 180.
 */
export function offsetAtPosition(
  latitude: number,
  longitude: number,
  utcMs: number,
): number | null {
  try {
    const zone = lookUpZone(latitude, longitude);
    const name = formatterOf(zone)
      .formatToParts(utcMs)
      .find(({ type }) => type === 'timeZoneName')?.value;
    const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/u.exec(name ?? '');
    if (match === null) return null;
    const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
    return match[1] === '-' ? -minutes : minutes;
  } catch {
    return null;
  }
}

/** The same for a wall time instead of an instant; in the hour that summer time repeats, the earlier. */
export function offsetAtPositionForWall(
  latitude: number,
  longitude: number,
  wallMs: number,
): number | null {
  const guess = offsetAtPosition(latitude, longitude, wallMs);
  if (guess === null) return null;
  return offsetAtPosition(latitude, longitude, wallMs - guess * 60_000);
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}
