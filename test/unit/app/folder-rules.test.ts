import { expect, test } from 'vitest';

import { leaveAloneBy } from '../../../electron/engine/app/folders/folder-rules.ts';

test('rules are gitignore’s, without regard to case', () => {
  const leaveAlone = leaveAloneBy(['drafts/', '/top.jpg', '*.gif', '!keep.gif', 'a/**/z.jpg']);
  const file = (path: string): boolean => leaveAlone?.(path, 'file') ?? false;
  expect(leaveAlone?.('x/Drafts', 'directory')).toBe(true);
  expect(file('x/drafts/deep/1.jpg')).toBe(true);
  expect(file('drafts')).toBe(false);
  expect([file('top.jpg'), file('x/top.jpg')]).toEqual([true, false]);
  expect([file('x/b.GIF'), file('x/keep.gif')]).toEqual([true, false]);
  expect([file('a/z.jpg'), file('a/b/c/z.jpg'), file('b/z.jpg')]).toEqual([true, true, false]);
  expect(file('..strange/../name.jpg')).toBe(false);
});

test('no rules leave nothing alone', () => {
  expect(leaveAloneBy([])).toBeNull();
  expect(leaveAloneBy([' ', ''])).toBeNull();
});
