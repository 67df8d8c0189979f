import { access, cp, readFile, rm, symlink, unlink } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { backedUpHashes, hashesBelow, jpeg, Workspace } from '../support/cli/workspace.ts';

async function somePhotos(workspace: Workspace, count: number): Promise<void> {
  for (let seed = 1; seed <= count; seed += 1) {
    await workspace.write(`album/IMG_${String(seed)}.jpg`, await jpeg(seed));
  }
}

test('the first run sends everything once, the second nothing, and the sums hold', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 4);
  await workspace.writeNow('album/IMG_5.jpg', await jpeg(5));
  await workspace.write('copies/same as 1.jpg', await jpeg(1));
  await workspace.write('album/IMG_2.xmp', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  await workspace.write('notes.txt', 'no photo');

  const first = await workspace.sync();
  expect(first.stderr).toBe('');
  expect(first.status).toBe(0);
  const summary = first.last();
  expect(summary).toMatchObject({
    event: 'summary',
    photos: 5,
    duplicates: 1,
    uploaded: 5,
    alreadyBackedUp: 0,
    failed: 0,
    sidecars: 1,
    destinations: { backup: { uploaded: 5, failed: 0 } },
  });
  const { found, photos, duplicates, skipped } = summary;
  expect(found).toBe(Number(photos) + Number(duplicates) + Number(skipped));
  expect(summary['ignored']).toBe(1);
  expect(summary['bytesUploaded']).toBeGreaterThan(0);

  const source = new Set((await hashesBelow(workspace.path('Pictures', 'album'))).values());
  expect(new Set(await backedUpHashes(workspace.backup))).toEqual(source);
  expect(await backedUpHashes(workspace.backup)).toHaveLength(source.size);

  const second = await workspace.sync();
  expect(second.status).toBe(0);
  expect(second.last()).toMatchObject({
    uploaded: 0,
    alreadyBackedUp: 5,
    bytesUploaded: 0,
    duplicates: 1,
  });
});

test('every line of --json is an object, progress at most once a second, and nothing else is said', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 3);
  const { stdout, stderr, json } = await workspace.sync();
  expect(stderr).toBe('');
  expect(stdout.endsWith('}\n')).toBe(true);
  for (const line of json()) expect(line).toHaveProperty('event');
  const times = json().flatMap((line) =>
    line['event'] === 'progress' ? [Number(line['elapsedMs'])] : [],
  );
  for (const [index, time] of times.entries()) {
    const before = times[index - 1];
    if (before !== undefined) expect(time - before).toBeGreaterThan(990);
  }
});

test('a folder that is given twice, through a link, and inside another counts once', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 2);
  await symlink(workspace.photos, workspace.path('link'));
  const { status, last, json } = await workspace.sync([
    ...[workspace.photos, workspace.path('link'), workspace.path('Pictures', 'album')],
  ]);
  expect(status).toBe(0);
  expect(last()).toMatchObject({ found: 2, photos: 2, duplicates: 0, uploaded: 2 });
  expect(json().filter((line) => line['event'] === 'notice')).toHaveLength(1);
});

test('a dry run says what would be sent and changes nothing', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 3);
  const { status, last, json } = await workspace.sync(['--dry-run']);
  expect(status).toBe(0);
  expect(last()).toMatchObject({ photos: 3, wouldUpload: 3, uploaded: 0, failed: 0 });
  expect(json().filter((line) => line['event'] === 'wouldUpload')).toHaveLength(3);
  await expect(access(workspace.backup)).rejects.toThrow('ENOENT');

  expect((await workspace.sync()).last()).toMatchObject({ uploaded: 3 });
});

test('two destinations: each gets everything, and names are told apart', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 2);
  await cp(workspace.photos, workspace.path('other'), { recursive: true });
  const second = workspace.path('other', 'backup');
  const { status, last } = await workspace.sync(['--to', `file://${second}`]);
  expect(status).toBe(0);
  expect(last()).toMatchObject({
    uploaded: 2,
    destinations: { backup: { uploaded: 2 }, 'backup-2': { uploaded: 2 } },
  });
  expect(await backedUpHashes(second)).toHaveLength(2);
});

test('edits are new versions, renames and deletions touch nothing at the destination', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 3);
  await workspace.sync();
  await workspace.write('album/IMG_1.jpg', await jpeg(77));
  await unlink(workspace.path('Pictures', 'album', 'IMG_2.jpg'));
  const { status, last } = await workspace.sync();
  expect(status).toBe(0);
  expect(last()).toMatchObject({ photos: 2, uploaded: 1, alreadyBackedUp: 1 });
  expect(await backedUpHashes(workspace.backup)).toHaveLength(4);
});

test('a lost catalogue is rebuilt from the destination and nothing is sent again', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 4);
  await workspace.sync();
  await rm(workspace.data, { recursive: true });
  const { status, last } = await workspace.sync();
  expect(status).toBe(0);
  expect(last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 4 });
  expect(await backedUpHashes(workspace.backup)).toHaveLength(4);
});

test('status, list and destinations tell what was done', async () => {
  await using workspace = await Workspace.create();
  await somePhotos(workspace, 2);
  await workspace.write('album/copy of IMG_2.jpg', await jpeg(2));
  await workspace.sync();

  const status = await workspace.run(['status', '--json']);
  expect(status.status).toBe(0);
  expect(status.last()).toMatchObject({ event: 'summary', verified: 2, open: 0, unread: 0 });
  expect((await workspace.run(['status'])).stdout).toContain('Everything that was found');

  const list = await workspace.run(['list', '--json']);
  expect(list.status).toBe(0);
  const [newest, oldest] = list.json();
  const path = workspace.path('Pictures', 'album', 'IMG_2.jpg');
  expect({ ...newest, paths: [newest?.['paths']].flat().toSorted() }).toEqual({
    hash: (await hashesBelow(workspace.photos)).get('album/IMG_2.jpg'),
    capturedAt: '2024-05-03T12:00:02',
    capturedAtSource: 'exif',
    paths: [path, workspace.path('Pictures', 'album', 'copy of IMG_2.jpg')],
    bytes: (await readFile(path)).length,
    width: 24,
    height: 24,
    type: 'image/jpeg',
    destinations: { backup: 'verified' },
  });
  expect(oldest).toMatchObject({ capturedAt: '2024-05-02T12:00:01' });
  expect(list.json()).toHaveLength(3);
  expect(list.last()).toEqual({ event: 'summary', photos: 2 });
  expect((await workspace.run(['list'])).stdout).toContain('2024-05-03 12:00:02');

  const destinations = await workspace.run(['destinations', '--json']);
  expect(destinations.json()).toContainEqual(
    expect.objectContaining({ event: 'destination', name: 'backup', url: workspace.backupUrl }),
  );
  expect((await workspace.run(['destinations'])).stdout).toContain('AWS_SECRET_ACCESS_KEY');
});
