import { readdir, stat, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { backedUpHashes, hashesBelow, jpeg, Workspace } from '../support/cli/workspace.ts';

const names = [
  'plain.jpg',
  '여행 사진/한글 이름.jpg',
  'Ελληνικά/αρχείο.jpg',
  'عربي/صورة.jpg',
  '日本語/写真 — 1.jpg',
  "quotes ' and # % & + signs.jpg",
  'emoji 👨‍👩‍👧 album/🌅.jpg',
  'nul.jpg',
  `${'long '.repeat(40)}.jpg`,
];

async function backUp(workspace: Workspace): Promise<void> {
  for (const [index, name] of names.entries()) {
    const path = await workspace.write(name, await jpeg(index));
    await utimes(path, 1_500_000_000 + index, 1_500_000_000 + index);
  }
  await workspace.write('a copy/of the first.jpg', await jpeg(0));
  await workspace.write('plain.xmp', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  const { status } = await workspace.sync();
  expect(status).toBe(0);
}

test('restore brings back every folder, name, time and byte, without a catalogue', async () => {
  await using workspace = await Workspace.create();
  await backUp(workspace);
  const into = workspace.path('restored');
  const restored = await workspace.run(
    ['restore', '--from', workspace.backupUrl, '--into', into, '--json'],
    { environment: { XDG_DATA_HOME: workspace.path('none') } },
  );
  expect(restored.stderr).toBe('');
  expect(restored.status).toBe(0);
  expect(restored.last()).toMatchObject({ event: 'summary', failed: 0, alreadyThere: 0 });

  const [folder = ''] = await readdir(into);
  const tree = await hashesBelow(join(into, folder));
  expect(tree).toEqual(await hashesBelow(workspace.photos));
  const { mtimeMs } = await stat(join(into, folder, 'plain.jpg'));
  expect(Math.round(mtimeMs / 1000)).toBe(1_500_000_000);

  const again = await workspace.run(['restore', '--from', workspace.backupUrl, '--into', into]);
  expect(again.status).toBe(0);
  // What counts here is every file, sidecars too: "photos" would be more than there are.
  const files = String((await backedUpHashes(workspace.backup)).length);
  expect(again.stdout).toContain(`Everything is restored: ${files} files in`);
  const verified = await workspace.run(['verify']);
  expect(verified.stdout).toContain(`all ${files} files are there`);
});

test('verify finds what is missing and what is damaged, and the next sync mends it', async () => {
  await using workspace = await Workspace.create();
  await backUp(workspace);
  const sound = await workspace.run(['verify', '--read-data', '--json']);
  expect(sound.status).toBe(0);
  expect(sound.last()).toMatchObject({ missing: 0, corrupt: 0, wrongSize: 0 });

  const objects = [...(await hashesBelow(workspace.backup)).keys()].filter((path) =>
    path.endsWith('.jpg'),
  );
  await truncate(join(workspace.backup, objects[0] ?? ''), 10);
  const damaged = await workspace.run(['verify', workspace.backupUrl, '--json']);
  expect(damaged.status).toBe(1);
  expect(damaged.last()).toMatchObject({ wrongSize: 1 });

  expect((await workspace.sync()).last()).toMatchObject({ uploaded: 1, failed: 0 });
  const into = workspace.path('restored');
  await workspace.run(['restore', '--from', workspace.backupUrl, '--into', into]);
  const [folder = ''] = await readdir(into);
  expect(await hashesBelow(join(into, folder))).toEqual(await hashesBelow(workspace.photos));
});

test('a restore from where there is no backup is status 3', async () => {
  await using workspace = await Workspace.create();
  const missing = await workspace.run([
    ...['restore', '--from', `file://${workspace.path('nothing')}`],
    ...['--into', workspace.path('restored')],
  ]);
  expect(missing.status).toBe(3);
  const empty = await workspace.run([
    ...['restore', '--from', `file://${workspace.photos}`],
    ...['--into', workspace.path('restored'), '--json'],
  ]);
  expect(empty.status).toBe(3);
  expect(empty.last()).toMatchObject({ event: 'error', failure: { code: 'notFound' } });
});

test('check runs the contract suite and leaves nothing behind', async () => {
  await using workspace = await Workspace.create();
  await backUp(workspace);
  const before = await hashesBelow(workspace.backup);
  const { status, last } = await workspace.run(['check', workspace.backupUrl, '--json']);
  expect(status).toBe(0);
  expect(last()).toMatchObject({ event: 'summary', failed: 0 });
  expect(await hashesBelow(workspace.backup)).toEqual(before);
});
