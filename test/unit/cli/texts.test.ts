import { describe, expect, test } from 'vitest';

import type { SyncSummary } from '../../../shared/contract/sync-events.ts';
import { failureCodes } from '../../../shared/domain/failure.ts';
import { commandNames } from '../../../electron/hosts/cli/arguments/table.ts';
import { helpText } from '../../../electron/hosts/cli/text/help.ts';
import { readingOf } from '../../../electron/hosts/cli/text/language.ts';
import { englishMessages } from '../../../electron/hosts/cli/text/messages-en.ts';
import { koreanMessages } from '../../../electron/hosts/cli/text/messages-ko.ts';
import { Numbers } from '../../../electron/hosts/cli/text/numbers.ts';
import { tellFailure } from '../../../electron/hosts/cli/text/tell-failure.ts';

const english = englishMessages(new Numbers('en-US'));
const korean = koreanMessages(new Numbers('ko-KR'));

test.each([
  [undefined, {}, 'en', 'en-US'],
  [undefined, { LANG: 'ko_KR.UTF-8' }, 'ko', 'ko-KR'],
  [undefined, { LANG: 'ko_KR.UTF-8', LC_ALL: 'C' }, 'en', 'en-US'],
  [undefined, { LANG: 'de_DE.UTF-8', LC_MESSAGES: 'ko_KR' }, 'ko', 'ko-KR'],
  [undefined, { LC_ALL: '', LANG: 'en_GB.UTF-8' }, 'en', 'en-GB'],
  [undefined, { LANG: 'C.UTF-8' }, 'en', 'en-US'],
  ['ko' as const, { LANG: 'en_GB.UTF-8' }, 'ko', 'ko-KR'],
])('language %j with %j', (chosen, environment, language, locale) => {
  expect(readingOf(chosen, environment)).toEqual({ language, locale });
});

describe('numbers', () => {
  const { numbers } = english;

  test('sizes in decimal units, never 1,000 of one', () => {
    const sizes = [0, 1, 999, 1000, 1500, 99_940, 99_960, 999_499, 999_500, 5e9, 1e18];
    expect(sizes.map((size) => numbers.bytes(size))).toEqual([
      ...['0 bytes', '1 byte', '999 bytes', '1 kB', '1.5 kB', '99.9 kB', '100 kB', '999 kB'],
      ...['1 MB', '5 GB', '1,000 PB'],
    ]);
  });

  test('durations', () => {
    const durations = [0.01, 3.14, 42, 125, 7500, 200_000];
    expect(durations.map((seconds) => numbers.duration(seconds))).toEqual([
      ...['0.1 sec', '3.1 sec', '42 sec', '2 min, 5 sec', '2 hr, 5 min', '2 days, 8 hr'],
    ]);
    expect(korean.numbers.duration(125)).toBe('2분 5초');
  });

  test('plurals', () => {
    expect(numbers.counted(1, 'photo', 'photos')).toBe('1 photo');
    expect(numbers.counted(1234, 'photo', 'photos')).toBe('1,234 photos');
  });
});

test('help names every command in both languages', () => {
  for (const messages of [english, korean]) {
    for (const command of commandNames) {
      expect(helpText(null, messages)).toContain(`cloudroll ${command}`);
      expect(helpText(command, messages)).toContain('--help');
    }
  }
});

test('a failure has a Korean sentence before the English one, whatever its code', () => {
  for (const code of failureCodes) {
    const failure = { code, message: 'It happened.', hint: 'Do this.' };
    expect(tellFailure(failure, english)).toBe('It happened. Do this.');
    expect(tellFailure(failure, korean)).toMatch(/\p{Script=Hangul}.* It happened\. Do this\.$/u);
  }
});

describe('the closing words of a sync', () => {
  const summary: SyncSummary = {
    event: 'summary',
    found: 1240,
    photos: 1234,
    duplicates: 6,
    skipped: 0,
    uploaded: 1000,
    alreadyBackedUp: 234,
    failed: 0,
    bytesUploaded: 5e9,
    sidecars: 2,
    ignored: 1,
    seconds: 125,
    destinations: {
      backup: { uploaded: 1000, alreadyBackedUp: 234, failed: 0, bytesUploaded: 5e9 },
      mycloud: { uploaded: 0, alreadyBackedUp: 1234, failed: 0, bytesUploaded: 0 },
    },
  };
  const end = { summary, cancelled: false, namedFailures: 0, problems: 0 };

  test('when all is well', () => {
    expect(english.syncEnd(end)).toEqual([
      'Everything is backed up: 1,234 photos at backup and mycloud.',
      '1,000 photos sent (5 GB) in 2 min, 5 sec; 234 were there already.',
      'Besides: 6 duplicates, 2 sidecars, and 1 other file ignored.',
    ]);
    expect(korean.syncEnd(end)[0]).toContain('모두 백업되었습니다');
  });

  test('"everything" is never said while anything is open', () => {
    const open = [
      { ...end, cancelled: true },
      { ...end, namedFailures: 1 },
      { ...end, problems: 1 },
      { ...end, summary: { ...summary, failed: 3, uploaded: 997 } },
      { ...end, summary: { ...summary, skipped: 1 } },
      { ...end, summary: { ...summary, wouldUpload: 3 } },
      { ...end, summary: { ...summary, found: 0, photos: 0 } },
    ];
    for (const one of open) {
      expect(english.syncEnd(one).join(' ')).not.toContain('Everything');
      expect(korean.syncEnd(one).join(' ')).not.toContain('모두 백업되었습니다');
    }
    const failed = { ...end, summary: { ...summary, failed: 3, uploaded: 997 } };
    expect(english.syncEnd(failed)[0]).toBe(
      '3 of 1,240 photos are not backed up yet, for the reasons above.',
    );
  });
});
