import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  candidateByName,
  extensionOf,
  mediaTypeOf,
  sniffLength,
} from '../../../shared/domain/media-types.ts';
import { sidecarOwners } from '../../../shared/domain/sidecars.ts';
import { heic, jpegHeader, movie, pngOfSize } from '../../support/media/builders.ts';
import {
  haveSharedPhotos,
  sharedPhotoNames,
  sharedPhotos,
} from '../../support/media/shared-photos.ts';

const mimeOf = (bytes: Uint8Array, name: string): string | undefined =>
  mediaTypeOf(bytes.subarray(0, sniffLength), name)?.mime;
const text = (content: string): Buffer => Buffer.from(content, 'latin1');

describe('mediaTypeOf', () => {
  it.each([
    ['jpeg', jpegHeader({}), 'image/jpeg'],
    ['png', pngOfSize(1, 1), 'image/png'],
    ['heic', heic({ width: 1, height: 1 }), 'image/heic'],
    ['mov', movie({}), 'video/quicktime'],
    ['gif', text('GIF89a'), 'image/gif'],
    ['webp', text('RIFF\0\0\0\0WEBPVP8X'), 'image/webp'],
    ['avi', text('RIFF\0\0\0\0AVI LIST'), 'video/vnd.avi'],
    ['avif', text('\0\0\0\x1cftypavif\0\0\0\0'), 'image/avif'],
    ['avif behind a general brand', text('\0\0\0\x18ftypmif1\0\0\0\0miafavif'), 'image/avif'],
    ['cr3', text('\0\0\0\x18ftypcrx \0\0\0\x01'), 'image/x-canon-cr3'],
    ['cr2', text('II*\0\x10\0\0\0CR\x02\0'), 'image/x-canon-cr2'],
    ['crw', text('II\x1a\0\0\0HEAPCCDR'), 'image/x-canon-crw'],
    ['raf', text('FUJIFILMCCD-RAW 0201'), 'image/x-fuji-raf'],
    ['x3f', text('FOVb\x03\0\x02\0'), 'image/x-sigma-x3f'],
    ['mrw', text('\0MRM\0\0\0\0'), 'image/x-minolta-mrw'],
    ['orf', text('IIRO\x08\0\0\0'), 'image/x-olympus-orf'],
    ['jxl', Buffer.of(0xff, 0x0a), 'image/jxl'],
    ['jp2', text('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 '), 'image/jp2'],
    ['psd', text('8BPS\0\x01'), 'image/vnd.adobe.photoshop'],
    ['webm', text('\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm'), 'video/webm'],
    ['mkv', text('\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska'), 'video/matroska'],
    ['wmv', Buffer.of(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11), 'video/x-ms-wmv'],
    ['3gp', text('\0\0\0\x14ftyp3gp5\0\0\0\0'), 'video/3gpp'],
    ['mp4', text('\0\0\0\x14ftypisom\0\0\0\0'), 'video/mp4'],
    ['mpg', Buffer.of(0, 0, 1, 0xba), 'video/mpeg'],
  ])('knows %s by its bytes, without an extension', (_, bytes, mime) => {
    expect(mimeOf(bytes, 'file')).toBe(mime);
  });

  it.each(['cr2', 'nef', 'nrw', 'arw', 'sr2', 'srf', 'dng', 'pef', 'srw', '3fr', 'fff', 'iiq'])(
    'takes TIFF bytes with the extension .%s for a RAW',
    (extension) => {
      expect(mediaTypeOf(text('II*\0\x08\0\0\0'), `photo.${extension}`)?.kind).toBe('raw');
    },
  );

  it('takes TIFF bytes of another name for a TIFF', () => {
    expect(mimeOf(text('MM\0*\0\0\0\x08'), 'scan')).toBe('image/tiff');
  });

  it('believes the bytes more than the extension', () => {
    expect(mimeOf(jpegHeader({}), 'renamed.heic')).toBe('image/jpeg');
  });

  it('counts an empty or damaged photo as a photo', () => {
    expect(mimeOf(new Uint8Array(0), 'IMG_1.JPG')).toBe('image/jpeg');
    expect(mimeOf(Buffer.alloc(100), 'IMG_1.heic')).toBe('image/heic');
  });

  it('tells TypeScript modules from AVCHD films', () => {
    expect(mimeOf(text('export const a = 1;\n'), 'index.mts')).toBeUndefined();
    expect(mimeOf(new Uint8Array(0), '00001.MTS')).toBe('video/mp2t');
  });

  it('leaves other files and sound alone', () => {
    expect(mimeOf(text('%PDF-1.7'), 'paper.pdf')).toBeUndefined();
    expect(mimeOf(text('\0\0\0\x14ftypM4A \0\0\0\0'), 'song')).toBeUndefined();
    expect(mimeOf(text('BM is how this text starts'), 'notes')).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.string(), (bytes, name) => {
        const type = mediaTypeOf(bytes, name);
        expect(type === null || type.mime.includes('/')).toBe(true);
      }),
    );
  });

  it.skipIf(!haveSharedPhotos)('classifies every shared photo', () => {
    const kindByExtension: Readonly<Record<string, string>> = {
      ...Object.fromEntries(
        ['cr2', 'cr3', 'crw', 'dng', 'raf', 'mrw', 'nef', 'rw2', 'iiq', 'x3f', 'gpr'].map(
          (extension) => [extension, 'raw'],
        ),
      ),
      avi: 'video',
      mov: 'video',
      mts: 'video',
      xmp: 'sidecar',
    };
    const names = sharedPhotoNames();
    expect(names.length).toBeGreaterThan(100);
    for (const name of names) {
      const bytes = readFileSync(join(sharedPhotos, name)).subarray(0, sniffLength);
      const expected = kindByExtension[extensionOf(name)] ?? 'photo';
      expect({ name, kind: mediaTypeOf(bytes, name)?.kind }).toEqual({ name, kind: expected });
    }
  });
});

describe('candidateByName', () => {
  it.each([
    ['IMG_1.JPG', 'media'],
    ['clip.MOV', 'media'],
    ['IMG_1.xmp', 'sidecar'],
    ['IMG_1.AAE', 'sidecar'],
    ['IMG_1.jpg.json', 'sidecar'],
    ['notes.txt', 'other'],
    ['IMG_1', 'sniff'],
    ['.hidden.jpg', 'other'],
    ['사진.heic', 'media'],
  ])('says of %s: %s', (name, candidate) => {
    expect(candidateByName(name)).toBe(candidate);
  });
});

describe('sidecarOwners', () => {
  it('takes only the JSON files that describe a photo', () => {
    const names = ['b.jpg', 'b.jpg.json', 'metadata.json', 'package.json'];
    expect([...sidecarOwners(names)]).toEqual([['b.jpg.json', 'b.jpg']]);
  });

  it('matches composed and decomposed names', () => {
    const owners = sidecarOwners(['사진.jpg'.normalize('NFD'), '사진.xmp'.normalize('NFC')]);
    expect(owners.size).toBe(1);
  });
});
