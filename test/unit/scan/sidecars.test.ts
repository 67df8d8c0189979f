import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sidecarOwners } from '../../../shared/domain/sidecars.ts';

describe('sidecarOwners', () => {
  test.each([
    ['name and extension', ['a.jpg', 'a.cr2', 'a.jpg.xmp'], 'a.jpg.xmp', 'a.jpg'],
    ['stem alone', ['a.jpg', 'a.xmp'], 'a.xmp', 'a.jpg'],
    ['stem alone, RAW before JPEG', ['a.JPG', 'a.NEF', 'a.xmp'], 'a.xmp', 'a.NEF'],
    ['another case', ['IMG_1.JPG', 'img_1.jpg.XMP'], 'img_1.jpg.XMP', 'IMG_1.JPG'],
    [
      'another normal form',
      ['서울.jpg'.normalize('NFC'), '서울.xmp'.normalize('NFD')],
      '서울.xmp'.normalize('NFD'),
      '서울.jpg',
    ],
    ["darktable's duplicate", ['a.cr2', 'a_01.cr2.xmp'], 'a_01.cr2.xmp', 'a.cr2'],
    ['a photo with a number', ['a.cr2', 'a_01.cr2', 'a_01.cr2.xmp'], 'a_01.cr2.xmp', 'a_01.cr2'],
    ['Apple', ['IMG_1234.HEIC', 'IMG_1234.AAE'], 'IMG_1234.AAE', 'IMG_1234.HEIC'],
    ['Live Photo: the still', ['IMG_1.MOV', 'IMG_1.heic', 'IMG_1.AAE'], 'IMG_1.AAE', 'IMG_1.heic'],
    ['film', ['IMG_1.MOV', 'IMG_1.AAE'], 'IMG_1.AAE', 'IMG_1.MOV'],
    ['Apple, original', ['IMG_1.JPG', 'IMG_O1.AAE'], 'IMG_O1.AAE', 'IMG_1.JPG'],
    ['Apple, edited', ['IMG_1.JPG', 'IMG_E1.JPG', 'IMG_E1.AAE'], 'IMG_E1.AAE', 'IMG_E1.JPG'],
    [
      'Takeout',
      ['a.jpg', 'a.jpg.supplemental-metadata.json'],
      'a.jpg.supplemental-metadata.json',
      'a.jpg',
    ],
  ])('%s', (_, names, sidecar, owner) => {
    expect(sidecarOwners(names).get(sidecar)).toBe(owner);
  });

  test('without a photo there is no owner', () => {
    expect([
      ...sidecarOwners(['a.xmp', 'b.jpg', 'IMG_2.AAE', 'metadata.json', 'notes.txt']),
    ]).toEqual([]);
  });

  test('does not depend on the order of names, and owners are names of the folder', () => {
    const name = fc
      .tuple(
        fc.constantFrom('a', 'A', 'b', 'IMG_1', 'IMG_E1', 'a_01'),
        fc.constantFrom('.jpg', '.JPG', '.cr2', '.mov', '.xmp', '.jpg.xmp', '.aae', '.jpg.json'),
      )
      .map(([stem, extension]) => stem + extension);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const owners = sidecarOwners(names);
        const reversed = sidecarOwners(names.toReversed());
        for (const [sidecar, owner] of owners) {
          expect(names).toContain(owner);
          if (!sidecar.endsWith('.json')) expect(reversed.get(sidecar)).toBe(owner);
        }
        expect(reversed.size).toBe(owners.size);
      }),
    );
  });
});
