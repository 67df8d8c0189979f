import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { headerSafeJson } from '../../../electron/engine/destinations/dropbox/connection.ts';
import {
  ContentHash,
  contentHashOf,
} from '../../../electron/engine/destinations/dropbox/content-hash.ts';
import { dropboxCards } from '../../../electron/engine/destinations/dropbox/dropbox-cards.ts';
import {
  refusalFailure,
  refusalOf,
} from '../../../electron/engine/destinations/dropbox/dropbox-failure.ts';
import { KnownContents } from '../../../electron/engine/destinations/dropbox/known-contents.ts';
import {
  quotaOfAccount,
  spaceSchema,
} from '../../../electron/engine/destinations/dropbox/quota.ts';
import { dropboxSettingsOf } from '../../../electron/engine/destinations/dropbox/settings.ts';
import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

const block = 4 * 1024 * 1024;

describe('the content hash', () => {
  test.each([
    [1, '1cd6ef71e6e0ff46ad2609d403dc3fee244417089aa4461245a4e4fe23a55e42'],
    [block, 'd4d63bac5b866c71620185392a8a6218ac1092454a2d16f820363b69852befa3'],
    [block + 1, '8f553da8d00d0bf509d8470e242888be33019c20c0544811f5b2b89e98360b92'],
  ])('of %d letters A is the known one', (count, expected) => {
    expect(contentHashOf(Buffer.alloc(count, 'A'))).toBe(expected);
  });

  test('of no bytes is that of nothing', () => {
    expect(contentHashOf(new Uint8Array())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  test('of pieces is that of the whole', () => {
    const bytes = Buffer.alloc(5 * block + 7, 'photo');
    const hash = new ContentHash();
    const pieces = [bytes.subarray(0, 2 * block), bytes.subarray(2 * block, 4 * block)];
    for (const piece of [...pieces, bytes.subarray(4 * block)]) {
      expect(hash.add(piece)).toBe(contentHashOf(piece));
    }
    expect(hash.digest()).toBe(contentHashOf(bytes));
  });
});

describe('arguments in a header', () => {
  test('are ASCII and mean the same', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        (value) => {
          const text = headerSafeJson(value);
          expect(text).toMatch(/^[\x20-\x7e]*$/u);
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  test('look as in the documentation', () => {
    expect(headerSafeJson({ field: 'some_üñîcødé_and_\u007f' })).toBe(
      String.raw`{"field":"some_\u00fc\u00f1\u00eec\u00f8d\u00e9_and_\u007f"}`,
    );
  });
});

describe('refusals', () => {
  const codeOf = (error: unknown) => refusalFailure(refusalOf(error)).failure.code;

  test.each([
    [{ '.tag': 'path', reason: { '.tag': 'conflict', conflict: { '.tag': 'file' } } }, 'conflict'],
    [
      { '.tag': 'path', reason: { '.tag': 'conflict', conflict: { '.tag': 'folder' } } },
      'conflict',
    ],
    [
      { '.tag': 'path', reason: { '.tag': 'conflict', conflict: { '.tag': 'file_ancestor' } } },
      'invalid',
    ],
    [{ '.tag': 'path', path: { '.tag': 'insufficient_space' } }, 'quota'],
    [{ '.tag': 'path', path: { '.tag': 'team_folder_insufficient_space' } }, 'quota'],
    [{ '.tag': 'path', path: { '.tag': 'upload_traffic_limit_reached' } }, 'quota'],
    [{ '.tag': 'path', path: { '.tag': 'too_many_write_operations' } }, 'rateLimited'],
    [{ '.tag': 'too_many_write_operations' }, 'rateLimited'],
    [{ '.tag': 'path', path: { '.tag': 'no_write_permission' } }, 'readOnly'],
    [{ '.tag': 'path', path: { '.tag': 'access_restricted' } }, 'readOnly'],
    [{ '.tag': 'path', path: { '.tag': 'disallowed_name' } }, 'invalid'],
    [{ '.tag': 'path', path: { '.tag': 'malformed_path', malformed_path: 'why' } }, 'invalid'],
    [{ '.tag': 'path', path: { '.tag': 'restricted_content' } }, 'unreadable'],
    [{ '.tag': 'path', path: { '.tag': 'locked' } }, 'busy'],
    [{ '.tag': 'path', path: { '.tag': 'not_found' } }, 'notFound'],
    [{ '.tag': 'encryption_not_supported' }, 'unsupported'],
    [{ '.tag': 'content_hash_mismatch' }, 'corrupt'],
    [{ '.tag': 'reset' }, 'serverError'],
    [{ '.tag': 'other' }, 'serverError'],
    [{ '.tag': 'something_new' }, 'unsupported'],
    ['text', 'unsupported'],
    [undefined, 'unsupported'],
  ])('%j is %s', (error, code) => {
    expect(codeOf(error)).toBe(code);
  });

  test('tell where an upload stands, at whatever depth', () => {
    const lookup = { '.tag': 'incorrect_offset', correct_offset: 8 };
    expect(refusalOf(lookup).correctOffset).toBe(8);
    expect(refusalOf({ '.tag': 'lookup_failed', lookup_failed: lookup }).correctOffset).toBe(8);
    expect(refusalOf({ ...lookup, correct_offset: -1 }).correctOffset).toBeUndefined();
  });

  test('of any form are read without harm', () => {
    fc.assert(
      fc.property(fc.anything(), (error) => {
        expect(typeof codeOf(error)).toBe('string');
      }),
    );
  });
});

describe('a dropbox: URL', () => {
  const rootOf = (url: string) => dropboxSettingsOf(parseDestinationUrl(url)).root;

  test('names a folder and an account', () => {
    expect(rootOf('dropbox:///Cloudroll/사진?account=me@example.com')).toBe('/Cloudroll/사진');
    expect(rootOf('dropbox://')).toBe('');
  });

  test.each([
    'dropbox://Cloudroll',
    'dropbox:///a/../b',
    'dropbox:///a /b',
    'dropbox:///a?folder=b',
  ])('%s is invalid', (url) => {
    expect(() => rootOf(url)).toThrow();
    try {
      rootOf(url);
    } catch (error) {
      expect(failureOf(error).code).toBe('invalid');
    }
  });

  test('comes from the form', () => {
    const [card] = dropboxCards;
    const urlOf = (values: Record<string, string>): string | undefined =>
      card === undefined ? undefined : formatDestinationUrl(card.urlOf(values));
    expect(urlOf({})).toBe('dropbox:///Cloudroll');
    expect(urlOf({ folder: ' /My Photos/ ', account: 'me@example.com' })).toBe(
      'dropbox:///My%20Photos?account=me@example.com',
    );
  });
});

describe('the space of an account', () => {
  test.each([
    [
      { used: 5, allocation: { '.tag': 'individual', allocated: 100 } },
      { usedBytes: 5, totalBytes: 100 },
    ],
    [
      { used: 5, allocation: { ...team(0), user_within_team_space_used_cached: 5 } },
      { usedBytes: 50, totalBytes: 1000 },
    ],
    [
      { used: 5, allocation: team(20) },
      { usedBytes: 5, totalBytes: 20 },
    ],
    [
      { used: 5, allocation: { '.tag': 'other' } },
      { usedBytes: 5, totalBytes: null },
    ],
  ])('%j is %j', (space, quota) => {
    expect(quotaOfAccount(spaceSchema.parse(space))).toEqual(quota);
  });

  function team(own: number) {
    const own_field = { user_within_team_space_allocated: own };
    return { '.tag': 'team', used: 50, allocated: 1000, ...own_field };
  }
});

test('what is known of contents is bounded, and the oldest goes first', () => {
  const known = new KnownContents();
  for (let index = 0; index <= 10_000; index += 1) {
    known.learn(`c${String(index)}`, `s${String(index)}`);
  }
  expect(known.sha256Of('c0')).toBeUndefined();
  expect(known.sha256Of('c1')).toBe('s1');
  expect(known.sha256Of('c10000')).toBe('s10000');
});
