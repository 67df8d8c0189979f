import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAssetKey, maxNameBytes, objectKey } from '../../../shared/domain/object-key.ts';
import { decodeName, encodeName, utf8Length } from '../../../shared/domain/portable-name.ts';

const hash = 'ab12'.repeat(16);
const wall = '2024-05-17T12:00:00';
const awkward = fc.array(
  fc.oneof(
    fc.constantFrom('<', '>', ':', '"', '/', '\\', '|', '?', '*', '%', '.', ' ', '~', '\0', '\x7f'),
    fc.constantFrom(
      '\ud800',
      '\udc00',
      '\u0327',
      '\u0338',
      'e\u0301',
      '\uef80',
      '\uefff',
      '\ufffe',
    ),
    fc.constantFrom('CON', 'aux', 'LPT1', 'com¹', 'conin$', '.jpg', '사진', '각', '📷', '%3C', 'C'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
  { maxLength: 30 },
);
const anyName = fc.oneof(
  awkward.map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 400 }),
);
const anyHash = fc.array(fc.constantFrom(...Array.from('0123456789abcdef')), {
  minLength: 64,
  maxLength: 64,
});

/** The rules of Windows, S3, WebDAV and POSIX together, written apart from the code that obeys them. */
function isPortable(segment: string): boolean {
  return (
    segment.length > 0 &&
    utf8Length(segment) <= maxNameBytes &&
    segment.isWellFormed() &&
    segment === segment.normalize('NFC') &&
    // eslint-disable-next-line no-control-regex -- controls are what this looks for
    !/[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\uef80-\uefff\ufffe\uffff]/.test(segment) &&
    !/^[. ~]|[. ]$/.test(segment) &&
    !/^(?:con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(?:\.|$)/i.test(segment)
  );
}

describe('encodeName', () => {
  it('writes what some system refuses as %XX', () => {
    expect(encodeName('a<b>:c|d?*"e\\f/g%.jpg')).toBe('a%3Cb%3E%3Ac%7Cd%3F%2A%22e%5Cf%2Fg%25.jpg');
    expect(encodeName('.hidden')).toBe('%2Ehidden');
    expect(encodeName('~lock')).toBe('%7Elock');
    expect(encodeName('trailing. ')).toBe('trailing.%20');
    expect(encodeName('CON')).toBe('%43ON');
    expect(encodeName('aux.jpg')).toBe('%61ux.jpg');
    expect(encodeName('Lpt1 .x')).toBe('%4Cpt1 .x');
    expect(encodeName('console.jpg')).toBe('console.jpg');
    expect(encodeName('..')).toBe('%2E%2E');
    expect(encodeName('x\ud83d')).toBe('x%ED%A0%BD');
    expect(encodeName('\uefff.jpg')).toBe('%EE%BF%BF.jpg');
  });

  it('joins a decomposed Korean name', () => {
    expect(encodeName('각.jpg'.normalize('NFD'))).toBe('각.jpg');
  });

  it('keeps a mark from merging with an escape', () => {
    expect(encodeName('<\u0327')).toBe('%3C%CC%A7');
  });

  it('gives any name back, in NFC, and so never gives two names one encoding', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(decodeName(encodeName(name))).toBe(name.normalize('NFC'));
      }),
    );
  });

  it('cuts between code points and never inside an escape', () => {
    fc.assert(
      fc.property(anyName, fc.nat(100), (name, maxBytes) => {
        const cut = encodeName(name, maxBytes);
        expect(utf8Length(cut)).toBeLessThanOrEqual(maxBytes);
        expect(encodeName(name).startsWith(cut)).toBe(true);
        expect(name.normalize('NFC').startsWith(decodeName(cut))).toBe(true);
      }),
    );
  });

  it('leaves escapes that are not UTF-8 as they are', () => {
    expect(decodeName('%FF%C3%A9%zz%C3')).toBe('%FFé%zz%C3');
  });
});

describe('objectKey', () => {
  it('is dated, recognisable and lower-cases the extension', () => {
    expect(objectKey({ wall, name: 'IMG_0001.JPG', hash })).toBe(
      '2024/05/IMG_0001-ab12ab12ab12.jpg',
    );
    expect(objectKey({ wall, name: 'IMG_0001.JPG', hash, suffixLength: 64 })).toBe(
      `2024/05/IMG_0001-${hash}.jpg`,
    );
    expect(objectKey({ wall, name: 'scan', hash })).toBe('2024/05/scan-ab12ab12ab12');
    expect(objectKey({ wall, name: '', hash })).toBe('2024/05/unnamed-ab12ab12ab12');
    expect(objectKey({ wall, name: '.jpg', hash })).toBe('2024/05/%2Ejpg-ab12ab12ab12');
    expect(objectKey({ wall, name: 'a.verylongextension', hash })).toBe(
      '2024/05/a.verylongextension-ab12ab12ab12',
    );
    expect(objectKey({ wall, name: '사진.HEIC'.normalize('NFD'), hash })).toBe(
      '2024/05/사진-ab12ab12ab12.heic',
    );
  });

  it('is portable for any name, recognised in a listing, and kept apart by the hash', () => {
    const hashes = anyHash.map((digits) => digits.join(''));
    fc.assert(
      fc.property(
        anyName,
        hashes,
        hashes,
        fc.integer({ min: 12, max: 64 }),
        (name, one, other, suffixLength) => {
          const key = objectKey({ wall, name, hash: one, suffixLength });
          expect(key.slice(0, 8)).toBe('2024/05/');
          expect(isPortable(key.slice(8)), key).toBe(true);
          expect(isAssetKey(key)).toEqual({ hashPrefix: one.slice(0, suffixLength) });
          if (one.slice(0, suffixLength) !== other.slice(0, suffixLength)) {
            expect(objectKey({ wall, name, hash: other, suffixLength })).not.toBe(key);
          }
        },
      ),
    );
  });

  it('refuses what is no month, hash or length', () => {
    for (const broken of [
      { wall: '2024-13-01', name: 'a', hash },
      { wall: '0x24', name: 'a', hash },
      { wall, name: 'a', hash: hash.toUpperCase() },
      { wall, name: 'a', hash, suffixLength: 11 },
    ]) {
      expect(() => objectKey(broken)).toThrow(
        expect.objectContaining({ failure: expect.objectContaining({ code: 'bug' }) as unknown }),
      );
    }
  });
});

describe('isAssetKey', () => {
  it('leaves other files alone', () => {
    for (const key of [
      '.cloudroll/journal/a/0000000001.jsonl',
      '2024/05/IMG_0001.jpg',
      '2024/05/a/b-ab12ab12ab12.jpg',
      '2024/13/a-ab12ab12ab12.jpg',
      'x/2024/05/a-ab12ab12ab12.jpg',
      '2024/05/a-AB12AB12AB12.jpg',
    ]) {
      expect(isAssetKey(key), key).toBeNull();
    }
  });
});
