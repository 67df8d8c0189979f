import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  preferencesVersion,
  readPreferences,
  type Bounds,
} from '../../../electron/main/preferences/preferences.ts';
import { placeWindow } from '../../../electron/main/windows/window-bounds.ts';

const size = { width: 1240, height: 820 };
const main: Bounds = { x: 0, y: 0, width: 1600, height: 1000 };
const second: Bounds = { x: 1600, y: 0, width: 1920, height: 1080 };

describe('a window opens', () => {
  test('in the middle of the main display the first time', () => {
    expect(placeWindow(null, size, [main, second])).toEqual({ x: 180, y: 90, ...size });
  });

  test('where it was left', () => {
    const left: Bounds = { x: 1700, y: 40, width: 900, height: 700 };
    expect(placeWindow(left, size, [main, second])).toEqual(left);
  });

  test('on the main display, where its own is gone', () => {
    const left: Bounds = { x: 2400, y: 40, width: 900, height: 700 };
    expect(placeWindow(left, size, [main])).toEqual({ x: 350, y: 150, width: 900, height: 700 });
  });

  test('no larger than a display that became smaller', () => {
    const left: Bounds = { x: 0, y: 0, width: 3800, height: 2000 };
    expect(placeWindow(left, size, [main])).toEqual(main);
  });

  test('within a display, whatever is remembered and whatever displays there are', () => {
    const coordinate = fc.integer({ min: -10_000, max: 10_000 });
    const length = fc.integer({ min: 1, max: 8000 });
    const bounds = fc.record({ x: coordinate, y: coordinate, width: length, height: length });
    const displays = fc.array(
      fc.record({
        x: coordinate,
        y: coordinate,
        width: fc.integer({ min: 640, max: 8000 }),
        height: fc.integer({ min: 480, max: 8000 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.option(bounds), displays, (remembered, areas) => {
        const placed = placeWindow(remembered, size, areas);
        const fits = areas.some(
          (area) =>
            placed.x >= area.x &&
            placed.y >= area.y &&
            placed.x + placed.width <= area.x + area.width &&
            placed.y + placed.height <= area.y + area.height,
        );
        expect(fits).toBe(true);
      }),
    );
  });
});

describe('preferences', () => {
  const defaults = { windows: { timeline: null, upload: null }, toldAboutTray: false };
  const window = { bounds: { x: 1, y: 2, width: 3, height: 4 }, maximized: true };

  test('are read as they were written', () => {
    const stored = {
      version: preferencesVersion,
      windows: { timeline: window, upload: null },
      toldAboutTray: true,
    };
    expect(readPreferences(stored)).toEqual({
      windows: { timeline: window, upload: null },
      toldAboutTray: true,
    });
  });

  test('of an older version are brought along', () => {
    expect(readPreferences({ window })).toEqual({
      ...defaults,
      windows: { timeline: window, upload: null },
    });
  });

  test.each([
    null,
    'text',
    {},
    { version: 99, windows: { timeline: window, upload: null } },
    { version: 1, windows: { timeline: { bounds: { x: 'a' } } } },
    { version: 1, windows: { timeline: null, upload: null }, more: 1 },
  ])('that cannot be understood are the defaults: %j', (stored) => {
    expect(readPreferences(stored)).toEqual(defaults);
  });
});
