import { describe, expect, test } from 'vitest';

import type { DestinationField } from '../../../shared/contract/app/destinations.ts';
import {
  draftOf,
  emptyEntry,
  problemsOf,
  readyDraft,
  valueOf,
  withDraft,
  withField,
} from '../../../renderer/destinations/draft.ts';
import { endedTest, withStep } from '../../../renderer/destinations/test-run.ts';
import { accountOf, placeText } from '../../../renderer/destinations/place-text.ts';

function field(change: Partial<DestinationField> & { readonly name: string }): DestinationField {
  return {
    label: { en: change.name, ko: change.name },
    help: null,
    type: 'text',
    required: true,
    placeholder: '',
    choices: [],
    ...change,
  };
}

const bucket = field({ name: 'bucket' });
const prefix = field({ name: 'prefix', required: false });
const secret = field({ name: 'secret', type: 'secret' });
const region = field({
  name: 'region',
  type: 'choice',
  choices: [
    { value: 'kr', label: { en: 'Korea', ko: '한국' } },
    { value: 'us', label: { en: 'USA', ko: '미국' } },
  ],
});
const path = field({ name: 'path', type: 'folder' });
const about = {
  role: 'backup' as const,
  group: 'computer' as const,
  title: { en: '', ko: '' },
  description: { en: '', ko: '' },
  icon: '',
  console: null,
};
const cloud = { ...about, id: 's3', fields: [bucket, prefix, region, secret] };
const folder = { ...about, id: 'file', fields: [path] };

describe('a draft', () => {
  test('begins with the first of each choice', () => {
    expect(draftOf(emptyEntry, cloud).values).toEqual({ region: 'kr' });
  });

  test('of one kind is kept while another is chosen', () => {
    const typed = withDraft(emptyEntry, withField(draftOf(emptyEntry, cloud), bucket, 'photos'));
    const other = withDraft(typed, withField(draftOf(typed, folder), path, '/backup'));
    expect(other.card).toBe('file');
    expect(valueOf(draftOf(other, cloud), bucket)).toBe('photos');
  });

  test('keeps secrets apart from everything else', () => {
    const draft = withField(draftOf(emptyEntry, cloud), secret, 'hush');
    expect(draft.values).not.toHaveProperty('secret');
    expect(draft.secrets).toEqual({ secret: 'hush' });
  });

  test('is sent without spaces around values and without empty fields', () => {
    let draft = withField(draftOf(emptyEntry, cloud), bucket, '  photos ');
    draft = withField(draft, prefix, '   ');
    draft = withField(draft, secret, ' hush\n');
    expect(readyDraft(cloud, { ...draft, name: ' Mine ' })).toEqual({
      card: 's3',
      name: 'Mine',
      values: { bucket: 'photos', region: 'kr' },
      secrets: { secret: 'hush' },
    });
  });

  test('a path is sent as it is: spaces at its ends belong to it', () => {
    const draft = withField(draftOf(emptyEntry, folder), path, '/backup/with space ');
    expect(readyDraft(folder, draft).values).toEqual({ path: '/backup/with space ' });
  });
});

describe('what has to be mended', () => {
  const nobody = (): boolean => false;

  test('is every required field that is empty', () => {
    expect(problemsOf(cloud, draftOf(emptyEntry, cloud), [], nobody)).toEqual({
      bucket: 'required',
      secret: 'required',
    });
    expect(problemsOf(folder, draftOf(emptyEntry, folder), [], nobody)).toEqual({
      path: 'requiredFolder',
    });
  });

  test.each([
    ['/photos', 'insideWatched'],
    ['/photos/backup', 'insideWatched'],
    ['/', 'holdsWatched'],
    ['/photos2', undefined],
    ['C:\\photos', undefined],
  ])('a backup into %s beside /photos: %s', (place, problem) => {
    const draft = withField(draftOf(emptyEntry, folder), path, place);
    expect(problemsOf(folder, draft, ['/photos'], nobody)['path']).toBe(problem);
  });
});

describe('a sign-in', () => {
  const account = field({ name: 'account', type: 'signIn' });
  const drive = { ...about, id: 'gdrive', fields: [account, prefix] };
  const draft = withField(draftOf(emptyEntry, drive), account, 's1');

  test('is required until it came to its end', () => {
    expect(problemsOf(drive, draft, [], (id) => id === 's1')).toEqual({});
    expect(problemsOf(drive, draft, [], (id) => id === 's2')).toEqual({
      account: 'requiredSignIn',
    });
    expect(problemsOf(drive, draftOf(emptyEntry, drive), [], () => false)).toEqual({
      account: 'requiredSignIn',
    });
  });

  test('goes along with the draft by its id', () => {
    expect(readyDraft(drive, draft)).toMatchObject({ values: { account: 's1' }, secrets: {} });
  });
});

describe('the test of a connection', () => {
  const passed = { step: 'reach', state: 'passed', failure: null } as const;
  const failed = {
    step: 'write',
    state: 'failed',
    failure: { code: 'readOnly', message: 'Read-only.' },
  } as const;

  test('steps stay in their order while they change', () => {
    const running = [
      { step: 'reach', state: 'running', failure: null },
      { step: 'write', state: 'running', failure: null },
    ] as const;
    expect(withStep(running, passed).map(({ state }) => state)).toEqual(['passed', 'running']);
  });

  test('passed only where no step failed, and never without a step', () => {
    expect(endedTest([passed]).phase).toBe('passed');
    expect(endedTest([passed, { ...passed, step: 'list', state: 'skipped' }]).phase).toBe('passed');
    expect(endedTest([passed, failed]).phase).toBe('failed');
    expect(endedTest([]).phase).toBe('failed');
  });
});

test.each([
  ['file:///media/My%20Backup', '/media/My Backup'],
  ['file:///C:/Backup', 'C:/Backup'],
  ['file:///odd%zz', '/odd%zz'],
  ['s3://photos/2024?preset=ncloud&region=kr', 's3://photos/2024'],
])('%s leads to %s', (url, text) => {
  expect(placeText(url)).toBe(text);
});

describe('where a cloud that is signed in to leads', () => {
  const url = 'gdrive:///Photos/%EC%82%AC%EC%A7%84?account=mina%2Bphotos%40example.com';

  test('is the account and the folder', () => {
    expect(accountOf(url)).toBe('mina+photos@example.com');
    expect(placeText(url)).toBe('mina+photos@example.com · Photos/사진');
    expect(placeText('gdrive:///?account=me')).toBe('me');
  });

  test('is the address where no account is named', () => {
    expect(accountOf('gdrive:///Photos')).toBeNull();
    expect(placeText('gdrive:///Photos')).toBe('gdrive:///Photos');
    expect(placeText('file:///a?b')).toBe('/a');
  });
});
