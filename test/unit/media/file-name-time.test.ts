import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameTime } from '../../../shared/domain/file-name-time.ts';
import { formatWallTime } from '../../../shared/domain/wall-time.ts';

const wallOf = (name: string): string | null => {
  const time = fileNameTime(name);
  return time === null ? null : formatWallTime(time);
};

/** Any text, lone surrogates and control characters included. */
const codeUnits = fc
  .array(fc.nat({ max: 0xffff }), { maxLength: 400 })
  .map((codes) => String.fromCharCode(...codes));

describe('fileNameTime', () => {
  it.each([
    ['IMG_20240517_120001.jpg', '2024-05-17T12:00:01'],
    ['VID_20240517_120001.mp4', '2024-05-17T12:00:01'],
    ['IMG_20240517_120001123_HDR.jpg', '2024-05-17T12:00:01.123'],
    ['20240517_120001.jpg', '2024-05-17T12:00:01'],
    ['20240517_120001(0).jpg', '2024-05-17T12:00:01'],
    ['PXL_20240517_030001123.jpg', '2024-05-17T03:00:01.123'],
    ['PXL_20240517_030001123.MP.jpg', '2024-05-17T03:00:01.123'],
    ['Screenshot_20240517-120001.png', '2024-05-17T12:00:01'],
    ['Screenshot_20240517_120001_KakaoTalk.jpg', '2024-05-17T12:00:01'],
    ['Screenshot_2024-05-17-12-00-01.png', '2024-05-17T12:00:01'],
    ['Screenshot_2024-05-17-12-00-01-42.png', '2024-05-17T12:00:01.420'],
    ['Screenshot 2024-05-17 at 1.02.03 PM.png', '2024-05-17T13:02:03'],
    ['Screenshot 2024-05-17 at 13.02.03.png', '2024-05-17T13:02:03'],
    ['스크린샷 2024-05-17 오후 1.02.03.png', '2024-05-17T13:02:03'],
    ['스크린샷 2024-05-17 오전 12.02.03.png'.normalize('NFD'), '2024-05-17T00:02:03'],
    ['signal-2024-05-17-120001.jpg', '2024-05-17T12:00:01'],
    ['signal-2024-05-17-12-00-01-123.jpg', '2024-05-17T12:00:01.123'],
    ['IMG-20240517-WA0003.jpg', '2024-05-17T12:00:00'],
    ['KakaoTalk_20240517_120001123.jpg', '2024-05-17T12:00:01.123'],
    ['KakaoTalk_Photo_2024-05-17-12-00-01.jpeg', '2024-05-17T12:00:01'],
    ['KakaoTalk_Photo_2024-05-17-12-00-01 001.jpeg', '2024-05-17T12:00:01'],
  ])('reads %s', (name, wall) => {
    expect(wallOf(name)).toBe(wall);
  });

  it.each([
    'IMG_0001.JPG',
    'IMG_20241317_120001.jpg',
    'IMG_20240230_120001.jpg',
    'IMG_20240517_250001.jpg',
    'IMG_18990517_120001.jpg',
    'IMG_19700101_000000.jpg',
    'IMG_20240517_1200015.jpg',
    '20240517_120001ab-4cde-8f01-23456789abcd.jpg',
    'a20240517_120001.jpg',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff.jpg',
    'copy of IMG_20240517_120001.jpg',
  ])('finds nothing in %s', (name) => {
    expect(fileNameTime(name)).toBeNull();
  });

  it('says which names hold UTC and which are weak', () => {
    expect(fileNameTime('PXL_20240517_030001123.jpg')?.utc).toBe(true);
    expect(fileNameTime('IMG_20240517_120001.jpg')?.utc).toBe(false);
    expect(fileNameTime('IMG-20240517-WA0003.jpg')?.confidence).toBe('low');
    expect(fileNameTime('KakaoTalk_20240517_120001123.jpg')?.confidence).toBe('low');
  });

  it('reads back every date it is given', () => {
    const dates = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2099-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const wall = date.toISOString().slice(0, 19);
        const [day, time] = wall.replaceAll(/[-:]/gu, '').split('T');
        expect(wallOf(`IMG_${day ?? ''}_${time ?? ''}.jpg`)).toBe(wall);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(codeUnits, (name) => {
        const wall = wallOf(name);
        expect(wall === null || !Number.isNaN(Date.parse(wall))).toBe(true);
      }),
    );
  });
});
