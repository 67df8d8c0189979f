import { expect, test } from 'vitest';

import { checkPasted, isPastedBitmap, namedByDate } from '../../../renderer/upload/pasted-image.ts';
import { largestPasted } from '../../../shared/domain/pasted-image.ts';

const now = new Date(2026, 10, 23, 9, 41, 7).getTime();
const bitmap = { name: 'image.png', type: 'image/png', lastModified: now };

test.each([
  [bitmap, true],
  [{ ...bitmap, name: '' }, true],
  [{ ...bitmap, name: 'holiday.png' }, false],
  [{ ...bitmap, lastModified: now - 3_600_000 }, false],
  [{ ...bitmap, type: 'image/jpeg' }, false],
])('a bitmap is told from a file that was copied: %o', (file, expected) => {
  expect(isPastedBitmap(file, now)).toBe(expected);
});

test('a bitmap gets the name of its time and keeps its bytes', async () => {
  const named = namedByDate(new File(['bytes'], 'image.png', bitmap));
  expect(named.name).toBe('Pasted 2026-11-23 09.41.07.png');
  expect(named.lastModified).toBe(now);
  expect(await named.text()).toBe('bytes');
});

test('a bitmap beyond the limit is refused with what to do', () => {
  expect(() => {
    checkPasted({ size: largestPasted });
  }).not.toThrow();
  expect(() => {
    checkPasted({ size: largestPasted + 1 });
  }).toThrow('The pasted image is too large.');
});
