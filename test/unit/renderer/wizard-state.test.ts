import { describe, expect, test } from 'vitest';

import {
  firstStep,
  folderChanges,
  offeredFolders,
  startWizard,
  stepBefore,
  tickedFolders,
  wizardReducer,
} from '../../../renderer/wizard/wizard-state.ts';

const pictures = { path: '/home/mina/Pictures', kind: 'pictures', name: 'Pictures' } as const;
const card = { path: '/media/card', kind: 'camera', name: 'EOS' } as const;
const none: readonly string[] = [];

describe('where the wizard opens', () => {
  test('is where it was left', () => {
    expect(firstStep('options', { folders: 1, destinations: 1 })).toBe('options');
    expect(firstStep('welcome', { folders: 0, destinations: 0 })).toBe('welcome');
  });

  test('is at the first thing that is missing once it was left for good', () => {
    expect(firstStep('done', { folders: 0, destinations: 2 })).toBe('folders');
    expect(firstStep('done', { folders: 1, destinations: 0 })).toBe('destination');
    expect(firstStep('done', { folders: 1, destinations: 1 })).toBe('first');
  });
});

describe('the folders of the wizard', () => {
  const start = startWizard('folders');

  test('the Pictures folder is ticked until something else was chosen, also when it comes late', () => {
    expect(tickedFolders(start, none, [])).toEqual([]);
    expect(tickedFolders(start, none, [pictures, card])).toEqual([pictures.path]);
  });

  test('what is watched already is ticked instead of proposals', () => {
    expect(tickedFolders(start, ['/photos'], [pictures])).toEqual(['/photos']);
  });

  test('an untick holds even when nothing is left', () => {
    const before = tickedFolders(start, none, [pictures]);
    const after = wizardReducer(start, {
      do: 'tick',
      path: pictures.path,
      ticked: false,
      before,
    });
    expect(tickedFolders(after, none, [pictures])).toEqual([]);
  });

  test('a folder that is added by hand is offered and ticked, once', () => {
    const add = (state: typeof start): typeof start =>
      wizardReducer(state, {
        do: 'addFolder',
        path: '/new',
        before: tickedFolders(state, none, [pictures]),
      });
    const after = add(add(start));
    expect(tickedFolders(after, none, [pictures])).toEqual([pictures.path, '/new']);
    expect(offeredFolders(after, none, [pictures], (path) => path)).toEqual([
      pictures,
      { path: '/new', kind: 'other', name: '/new' },
    ]);
  });

  test('each path is offered once, by its proposal where there is one', () => {
    expect(offeredFolders(start, [pictures.path], [pictures, card], (path) => path)).toEqual([
      pictures,
      card,
    ]);
  });

  test('only what differs is added and removed', () => {
    const watched = [
      { id: 'a', path: '/a' },
      { id: 'b', path: '/b' },
    ];
    expect(folderChanges(['/b', '/c'], watched)).toEqual({ add: ['/c'], remove: ['a'] });
    expect(folderChanges(['/a', '/b'], watched)).toEqual({ add: [], remove: [] });
  });
});

test('going back and forth keeps what was typed', () => {
  const entry = {
    card: 's3',
    drafts: {
      s3: { card: 's3', name: 'Cloud', values: { bucket: 'photos' }, secrets: { key: 'k' } },
    },
  };
  const typed = wizardReducer(startWizard('destination'), { do: 'enter', entry });
  const back = wizardReducer(typed, { do: 'go', to: 'folders' });
  expect(wizardReducer(back, { do: 'go', to: 'destination' }).entry).toEqual(entry);
});

test('what was typed, secrets too, is forgotten once it was added', () => {
  const entry = {
    card: 's3',
    drafts: { s3: { card: 's3', name: '', values: {}, secrets: { key: 'k' } } },
  };
  const typed = wizardReducer(startWizard('destination'), { do: 'enter', entry });
  const added = wizardReducer(typed, { do: 'another', wanted: false });
  expect(added.entry).toEqual({ card: null, drafts: {} });
});

test('there is a way back from every step but the first and the running backup', () => {
  expect(stepBefore('welcome')).toBeNull();
  expect(stepBefore('folders')).toBe('welcome');
  expect(stepBefore('options')).toBe('destination');
  expect(stepBefore('first')).toBeNull();
});
