import { promises as fs } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { TestApp } from '../../support/app-engine/test-app.ts';

test('the Pictures folder is suggested, also under another name', async () => {
  const app = await TestApp.open({ platform: 'linux' });
  expect(await app.call('folders.suggest', {})).toMatchObject([
    { path: app.photos, kind: 'pictures', name: 'Pictures' },
  ]);
  await fs.mkdir(path.join(app.base, '.config'));
  await fs.mkdir(path.join(app.base, '그림'));
  const config = '# comment\nXDG_PICTURES_DIR="$HOME/그림"\n';
  await fs.writeFile(path.join(app.base, '.config/user-dirs.dirs'), config);
  const [first] = await app.call('folders.suggest', {});
  expect(first).toMatchObject({ path: path.join(app.base, '그림'), name: '그림' });
});

test('a backup is suggested where there is room, and the same drive is named as such', async () => {
  const app = await TestApp.open();
  const places = await app.call('destinations.suggest', {});
  const home = places.find((place) => place.path.startsWith(app.base));
  expect(home).toMatchObject({ kind: 'folder', sameDrive: true });
  expect(home?.free).toBeGreaterThan(0);
  const order = places.map(({ sameDrive }) => sameDrive);
  expect(order).toEqual(order.toSorted((one, other) => Number(one) - Number(other)));
});

test('photos are counted by their names, live, and counting can be stopped', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.put('deep/b.mp4', 'three');
  await app.put('a.xmp', 'sidecar');
  await app.put('notes.txt', 'text');
  const count = { path: app.photos, photos: 2, bytes: 8, complete: true };
  expect(await app.call('folders.count', { path: app.photos })).toEqual(count);
  expect(app.events('folderCount').at(-1)).toEqual(count);
  const stopped = app.call('folders.count', { path: app.photos }, AbortSignal.abort());
  await expect(stopped).rejects.toMatchObject({ failure: { code: 'cancelled' } });
});

test('folders can be browsed and made', async () => {
  const app = await TestApp.open();
  await fs.mkdir(path.join(app.photos, 'b'));
  await fs.mkdir(path.join(app.photos, '.hidden'));
  const home = await app.call('folders.browse', { path: null });
  expect(home.path).toBe(app.base);
  expect(home.folders.map(({ name }) => name)).toContain('Pictures');
  const made = await app.call('folders.create', { parent: app.photos, name: 'new' });
  expect(made).toMatchObject({ parent: app.photos, folders: [], writable: true });
  const shown = await app.call('folders.browse', { path: app.photos });
  expect(shown.folders.map(({ name }) => name)).toEqual(['b', 'new']);
  for (const name of ['..', 'x/y', 'new', 'a\0b']) {
    await expect(app.call('folders.create', { parent: app.photos, name })).rejects.toThrow();
  }
});

test('a connection is tested step by step and nothing is left behind', async () => {
  const app = await TestApp.open();
  const draft = { card: 'file', name: '', values: { path: app.backup }, secrets: {} };
  const steps = await app.call('destinations.test', { draft });
  expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
    ...['reach passed', 'write passed', 'list passed', 'read passed', 'prove passed'],
    ...['protect passed', 'remove passed'],
  ]);
  expect(app.events('testStep').filter(({ state }) => state === 'passed')).toHaveLength(7);
  await expect(fs.stat(app.backup)).rejects.toThrow('ENOENT');
  const nowhere = { ...draft, values: { path: path.join(app.base, 'no/such/place') } };
  const failed = await app.call('destinations.test', { draft: nowhere });
  expect(failed[0]).toMatchObject({ state: 'failed', failure: { code: 'notFound' } });
  expect(failed.slice(1).every(({ state }) => state === 'skipped')).toBe(true);
  for (const values of [{}, { path: 'relative' }, { path: '/' }]) {
    const bad = app.call('destinations.test', { draft: { ...draft, values } });
    await bad.then(
      ([first]) => {
        expect(first?.state).toBe('failed');
      },
      (error: unknown) => {
        expect(error).toMatchObject({ failure: { code: 'invalid' } });
      },
    );
  }
});

test('an existing destination can be checked without harm', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  const { id } = await app.setUp();
  await app.idle(1);
  const steps = await app.call('destinations.check', { id });
  expect(steps.every(({ state }) => state === 'passed')).toBe(true);
  expect(await app.stored()).toEqual(['one']);
});

test('every card is whole in both languages and leads somewhere', async () => {
  const app = await TestApp.open();
  const cards = await app.call('destinations.cards', {});
  expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length);
  expect(cards[0]?.id).toBe('file');
  for (const { title, description, fields, console } of cards) {
    for (const text of [title, description, ...fields.map(({ label }) => label)]) {
      expect(Math.min(text.en.length, text.ko.length)).toBeGreaterThan(0);
    }
    expect(console === null || console.startsWith('https://')).toBe(true);
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    for (const { type, choices } of fields) expect(choices.length > 0).toBe(type === 'choice');
  }
});
