import { describe, expect, test } from 'vitest';

import { folderName, isWithin, nestedPair } from '../../../renderer/folders/paths.ts';

describe('paths as texts', () => {
  test.each([
    ['/home/mina/Pictures', 'Pictures'],
    ['/home/mina/Pictures/', 'Pictures'],
    ['C:\\Users\\Mina\\사진', '사진'],
    ['/', '/'],
    ['C:\\', 'C:'],
  ])('%s is called %s', (path, name) => {
    expect(folderName(path)).toBe(name);
  });

  test('a folder whose name begins the same does not lie inside', () => {
    expect(isWithin('/photos2', '/photos')).toBe(false);
    expect(isWithin('/photos/2024', '/photos')).toBe(true);
    expect(isWithin('/photos/', '/photos')).toBe(true);
    expect(isWithin('C:\\photos\\2024', 'C:/photos')).toBe(true);
    expect(isWithin('/anything', '/')).toBe(true);
  });

  test('the folder that holds another is found in whichever order', () => {
    expect(nestedPair(['/a', '/b'])).toBeNull();
    expect(nestedPair(['/a/b', '/a'])).toEqual({ inner: '/a/b', outer: '/a' });
    expect(nestedPair(['/a', '/a/b'])).toEqual({ inner: '/a/b', outer: '/a' });
  });
});
