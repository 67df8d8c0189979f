import { describe, expect, test } from 'vitest';
import { ignoreReason } from '../../../shared/domain/ignore-rules.ts';

describe('files', () => {
  test.each([
    ['IMG_0001.JPG', null],
    ['사진.heic', null],
    ['part.jpg', null],
    ['tmp.jpg', null],
    ['desktop.jpg', null],
    ['Lightroom.app', null],
    ['.DS_Store', 'junk'],
    ['._IMG_0001.JPG', 'junk'],
    ['Thumbs.db', 'junk'],
    ['THUMBS.DB', 'junk'],
    ['desktop.ini', 'junk'],
    ['Icon\r', 'junk'],
    ['.nfs000000000123', 'junk'],
    ['IMG_0001.JPG@SynoEAStream', null],
    ['@SynoEAStream', 'junk'],
    ['.hidden.jpg', 'hidden'],
    ['.trashed-1700000000-IMG_1.jpg', 'junk'],
    ['IMG_0001.JPG.part', 'partial'],
    ['IMG_0001.JPG.crdownload', 'partial'],
    ['IMG_0001.JPG.download', 'partial'],
    ['IMG_0001.tmp', 'partial'],
    ['~$letter.docx', 'partial'],
    ['.syncthing.IMG_1.jpg.tmp', 'partial'],
    ['.tmp', 'hidden'],
    ['.IMG_0001.HEIC.icloud', 'offloaded'],
    ['IMG_0001.jpg.nextcloud', 'offloaded'],
  ])('%s: %s', (name, reason) => {
    expect(ignoreReason(name, 'file')).toBe(reason);
  });
});

describe('directories', () => {
  test.each([
    ['2024', null],
    ['Summer.2024', null],
    ['.git', 'hidden'],
    ['@eaDir', 'junk'],
    ['#recycle', 'junk'],
    ['$RECYCLE.BIN', 'junk'],
    ['System Volume Information', 'junk'],
    ['lost+found', 'junk'],
    ['.Trash-1000', 'junk'],
    ['.Trashes', 'junk'],
    ['.cloudroll', 'junk'],
    ['__MACOSX', 'junk'],
    ['Photos Library.photoslibrary', 'library'],
    ['Old.APLIBRARY', 'library'],
    ['Photo Booth Library', 'library'],
    ['Holiday.imovielibrary', 'library'],
    ['Preview.app', 'package'],
    ['Catalog Previews.lrdata', 'package'],
    ['Unfinished.download', 'partial'],
  ])('%s: %s', (name, reason) => {
    expect(ignoreReason(name, 'directory')).toBe(reason);
  });
});
