import type { Bounds } from '../preferences/preferences.ts';

/** At least this much of a window's title bar has to be on a screen for a person to take hold of it. */
const graspWidth = 100;
const graspHeight = 32;

/**
 * Where a window opens: where it was, made to fit the display it is mostly on; in the middle of the first
 * display where that one is gone.
 *
 * @param displays work areas, the main one first; at least one
 */
export function placeWindow(
  remembered: Bounds | null,
  wanted: { readonly width: number; readonly height: number },
  displays: readonly Bounds[],
): Bounds {
  const [main] = displays;
  if (main === undefined) return { x: 0, y: 0, ...wanted };
  if (remembered === null) return centred(wanted, main);
  const best = displays.reduce((a, b) => (overlap(remembered, b) > overlap(remembered, a) ? b : a));
  return isGraspable(remembered, best) ? fitted(remembered, best) : centred(remembered, main);
}

function centred(size: { readonly width: number; readonly height: number }, area: Bounds): Bounds {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

function fitted(bounds: Bounds, area: Bounds): Bounds {
  const width = Math.min(bounds.width, area.width);
  const height = Math.min(bounds.height, area.height);
  return {
    x: clamp(bounds.x, area.x, area.x + area.width - width),
    y: clamp(bounds.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

function isGraspable(bounds: Bounds, area: Bounds): boolean {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const top = bounds.y;
  return (
    width >= Math.min(graspWidth, bounds.width) &&
    top >= area.y - graspHeight &&
    top <= area.y + area.height - graspHeight
  );
}

function overlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
