import type { Metrics } from './layout.ts';

/** Room at the right for the scrubber, in pixels; narrow windows let it lie over the pictures. */
export const SCRUBBER = 56;
const NARROW = 640;

/** How the timeline is laid out in a place of that many pixels. */
export function metricsFor(width: number, rem: number): Metrics {
  const narrow = width < NARROW;
  const sides = narrow ? 8 : 24 + SCRUBBER;
  return {
    width: Math.max(1, Math.floor(width - sides)),
    target: targetFor(width),
    gap: narrow ? 2 : 4,
    dayHeading: Math.round(rem * 3),
    monthHeading: Math.round(rem * 3.5),
    below: narrow ? 8 : 16,
  };
}

function targetFor(width: number): number {
  if (width < NARROW) return 116;
  if (width < 1100) return 168;
  return width < 2000 ? 204 : 248;
}
