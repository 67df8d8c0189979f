import { promises as fs } from 'node:fs';
import { expect, test } from 'vitest';
import { ChokidarDirectoryWatcher } from '../../../electron/engine/adapters/chokidar-directory-watcher.ts';
import type { DirectoryWatcher } from '../../../electron/engine/ports/directory-watcher.ts';
import { folderWatcher } from '../../../electron/engine/sync/folder-watcher.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { HandWatcher, WatchedFolder } from '../../support/sync/watched-folder.ts';

const halfAnHour = 30 * 60_000;

test('what comes, changes, moves and goes in a watched folder is followed', async () => {
  const folder = await WatchedFolder.make();
  await folder.put('a.jpg', 'first');
  await folder.put('2024/b.jpg', 'second');
  folder.start(folderWatcher({ ...folder.ports, watcher: new ChokidarDirectoryWatcher() }));
  expect(await folder.summary(1)).toMatchObject({ found: 2, uploaded: 2, failed: 0 });

  await folder.put('2024/c.jpg', 'third');
  await folder.until(() => folder.uploaded.includes('c.jpg'));

  await fs.rename(`${folder.root}/2024/c.jpg`, `${folder.root}/2024/d.jpg`);
  await folder.until(() => folder.placesOf('third').join() === '2024/d.jpg');

  await folder.put('new/deep/e.jpg', 'fourth');
  await folder.until(() => folder.uploaded.includes('e.jpg'));

  await folder.put('2024/d.jpg', 'third, edited');
  await folder.until(() => folder.uploaded.includes('d.jpg'));

  await fs.rm(`${folder.root}/a.jpg`);
  await folder.until(() => folder.placesOf('first').length === 0);

  expect((await folder.stop())?.summary).toMatchObject({ failed: 0 });
  expect(folder.stored).toEqual(['first', 'fourth', 'second', 'third', 'third, edited']);
  expect(folder.placesOf('third')).toEqual([]);
  expect(folder.placesOf('third, edited')).toEqual(['2024/d.jpg']);
  expect(folder.placesOf('second')).toEqual(['2024/b.jpg']);
});

test('what a hint brought is in the journal when its run ends', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  await folder.put('a.jpg', 'first');
  watcher.hint(folder.root);
  expect(await folder.summary(2)).toMatchObject({ photos: 1, uploaded: 1 });
  await fs.rename(`${folder.root}/a.jpg`, `${folder.root}/b.jpg`);
  watcher.hint(folder.root);
  expect(await folder.summary(3)).toMatchObject({ photos: 1, uploaded: 0, alreadyBackedUp: 1 });
  const { catalog } = folder.ports;
  expect(catalog.outbox.waiting(1, 10)).toEqual([]);
  expect(folder.journal).toContain('a.jpg');
  expect(folder.journal).toContain('b.jpg');
});

test('a hint looks at its directory alone, and does not check the destination again', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  await folder.put('seen/a.jpg', 'first');
  await folder.put('unseen/b.jpg', 'second');
  watcher.hint(folder.root, 'seen');
  expect(await folder.summary(2)).toMatchObject({ found: 1, uploaded: 1 });
  expect(folder.checks()).toBe(1);
});

test('a file that is still being written is waited for until it rests', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  const file = `${folder.root}/a.jpg`;
  const write = async (content: string): Promise<void> => {
    await fs.writeFile(file, content);
    await fs.utimes(file, folder.clock.now() / 1000, folder.clock.now() / 1000);
  };
  await write('begun');
  watcher.hint(folder.root);
  await folder.clock.sleeping(2000);
  await write('begun, and done');
  folder.clock.advance(2000);
  await folder.clock.sleeping(2000);
  expect(folder.uploaded).toEqual([]);
  folder.clock.advance(2000);
  await folder.summary(2);
  expect(folder.stored).toEqual(['begun, and done']);
});

test('a file that changed while it was read has to rest, however old it says it is', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  await folder.put('a.jpg', 'begun');
  folder.whileReading = async (file) => {
    folder.whileReading = () => Promise.resolve();
    await fs.writeFile(file, 'begun, and done');
    await fs.utimes(file, 1e9, 1e9);
  };
  watcher.hint(folder.root);
  await folder.clock.sleeping(2000);
  expect(folder.uploaded).toEqual([]);
  folder.clock.advance(2000);
  await folder.summary(2);
  expect(folder.stored).toEqual(['begun, and done']);
});

test('a file written at once is read on the hint, without further waiting', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  await folder.put('a.jpg', 'first');
  const written = (folder.clock.now() - 300) / 1000;
  await fs.utimes(`${folder.root}/a.jpg`, written, written);
  watcher.hint(folder.root);
  await folder.summary(2);
  expect(folder.stored).toEqual(['first']);
});

test('everything is looked at again every half hour, hints or not', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  await folder.put('a.jpg', 'first');
  await folder.clock.sleeping(halfAnHour);
  folder.clock.advance(halfAnHour);
  expect(await folder.summary(2)).toMatchObject({ uploaded: 1 });
  expect(folder.checks()).toBe(2);
});

test('what changed between the first scan and the moment when all was watched is found', async () => {
  const folder = await WatchedFolder.make();
  await folder.put('a.jpg', 'first');
  const watcher = new HandWatcher();
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<undefined>();
  folder.gate = async ({ operation }) => {
    if (operation === 'put') await mayGoOn;
  };
  folder.start(watcher.watch);
  await folder.until(() => folder.calls.some(({ operation }) => operation === 'put'));
  await folder.put('b.jpg', 'second');
  watcher.ready();
  goOn(undefined);
  expect(await folder.summary(1)).toMatchObject({ uploaded: 1 });
  expect(await folder.summary(2)).toMatchObject({ uploaded: 1, alreadyBackedUp: 1 });
  expect(folder.stored).toEqual(['first', 'second']);
});

test('a destination that is away is tried again after 30 seconds, then after 60, and then gets everything', async () => {
  const folder = await WatchedFolder.make();
  await folder.put('a.jpg', 'first');
  const watcher = new HandWatcher();
  let away = true;
  folder.gate = () => (away ? Promise.reject(fail('offline', 'It is away.')) : Promise.resolve());
  folder.start(watcher.watch);
  const first = await folder.summary(1);
  expect(first).toMatchObject({ failed: 1 });
  expect(first.destinations['one']?.error?.code).toBe('offline');

  await folder.clock.sleeping(30_000);
  folder.clock.advance(10_000);
  await folder.put('b.jpg', 'second');
  watcher.hint(folder.root);
  expect(await folder.summary(2)).toMatchObject({ failed: 2 });
  await folder.clock.sleeping(20_000);
  folder.clock.advance(20_000);
  expect(await folder.summary(3)).toMatchObject({ failed: 2 });
  await folder.clock.sleeping(60_000);
  away = false;
  folder.clock.advance(60_000);
  expect(await folder.summary(4)).toMatchObject({ uploaded: 2, failed: 0 });
  expect(folder.stored).toEqual(['first', 'second']);
  await folder.clock.sleeping(halfAnHour);
});

test('a destination that was away is checked and recognised before a hint sends anything to it', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  let away = true;
  folder.gate = () => (away ? Promise.reject(fail('offline', 'It is away.')) : Promise.resolve());
  folder.start(watcher.watch);
  await folder.summary(1);
  away = false;
  folder.calls.length = 0;
  await folder.put('a.jpg', 'first');
  watcher.hint(folder.root);
  expect(await folder.summary(2)).toMatchObject({ uploaded: 1 });
  expect(folder.calls[0]?.operation).toBe('check');
});

test('a photo that failed is tried again when it is due', async () => {
  const folder = await WatchedFolder.make();
  await folder.put('a.jpg', 'first');
  const watcher = new HandWatcher();
  let refused = true;
  folder.gate = ({ operation, key }) =>
    operation === 'put' && key.includes('a-') && refused
      ? Promise.reject(fail('serverError', 'Not now.'))
      : Promise.resolve();
  folder.start(watcher.watch);
  expect(await folder.summary(1)).toMatchObject({ failed: 1 });
  refused = false;
  const retryMs = folder.ports.catalog.deliveries.nextRetryMs(1);
  expect(retryMs).not.toBeNull();
  const waitMs = (retryMs ?? 0) - folder.clock.now();
  await folder.clock.sleeping(waitMs);
  folder.clock.advance(waitMs);
  expect(await folder.summary(2)).toMatchObject({ uploaded: 1, failed: 0 });
});

test('without a watcher the regular scans go on, and it is said', async () => {
  const folder = await WatchedFolder.make();
  const watcher = new HandWatcher();
  folder.start(watcher.watch);
  await folder.summary(1);
  watcher.fail(fail('unreadable', 'The watcher broke.'));
  await folder.until(() => folder.events.some(({ event }) => event === 'notice'));
  await folder.put('a.jpg', 'first');
  folder.clock.advance(halfAnHour);
  expect(await folder.summary(2)).toMatchObject({ uploaded: 1 });
});

test('directories that the system cannot watch are told of once', async () => {
  const folder = await WatchedFolder.make();
  await folder.put('2024/a.jpg', 'first');
  const refusing: DirectoryWatcher = {
    recursive: false,
    watch: () => Promise.reject(fail('busy', 'No watch left.')),
  };
  folder.start(folderWatcher({ ...folder.ports, watcher: refusing }));
  // The second run is the one that follows the watcher's readiness.
  await folder.summary(2);
  expect(folder.events.filter(({ event }) => event === 'notice')).toEqual([
    {
      event: 'notice',
      destination: null,
      failure: { code: 'busy', message: 'No watch left.' },
    },
  ]);
});

test('ends while it waits and while it works', async () => {
  const waiting = await WatchedFolder.make();
  await waiting.put('a.jpg', 'first');
  waiting.start(new HandWatcher().watch);
  await waiting.summary(1);
  await waiting.clock.sleeping(halfAnHour);
  expect((await waiting.stop())?.summary).toMatchObject({ uploaded: 1 });

  const working = await WatchedFolder.make();
  await working.put('a.jpg', 'first');
  working.gate = ({ operation }) =>
    operation === 'put' ? new Promise(() => undefined) : Promise.resolve();
  working.start(new HandWatcher().watch);
  await working.until(() => working.calls.some(({ operation }) => operation === 'put'));
  await expect(working.stop()).resolves.toBeNull();
});
