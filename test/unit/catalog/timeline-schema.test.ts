import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';

import { Catalog } from '../../../electron/engine/catalog/catalog.ts';
import { Database } from '../../../electron/engine/catalog/database.ts';
import { migrations } from '../../../electron/engine/catalog/schema.ts';
import { timelineSchema } from '../../../electron/engine/catalog/timeline-schema.ts';

const everyDay = { newest: '9999-12-31', oldest: '0000-01-01' };

/** A catalogue as it was before there was a timeline, with a photo, its Live video, a sidecar and one that is gone. */
function before(): DatabaseSync {
  const handle = new DatabaseSync(':memory:');
  const version = migrations.indexOf(timelineSchema);
  for (const migration of migrations.slice(0, version)) handle.exec(migration);
  handle.exec(`PRAGMA user_version = ${String(version)}`);
  const asset = (id: number, kind: string, details: string): string =>
    `INSERT INTO assets (id, hash, bytes, kind, mime, name, named_at, wall, captured_source, confidence,
       details, described_at) VALUES (${String(id)}, '${String(id).repeat(64)}', 1, '${kind}', 'image/jpeg',
       'name ${String(id)}', 'a', '2024-05-0${String(id)}T12:00:00', 'exif', 'high', '${details}', 'a');
     INSERT INTO files (directory_id, name, role, size, modified_ms, inode, state, asset_id, first_seen_ms)
       VALUES (1, '산책 ${String(id)}.jpg', '${kind === 'sidecar' ? 'sidecar' : 'media'}', 1, 0, 0,
       '${id === 4 ? 'absent' : 'hashed'}', ${String(id)}, 0);`;
  handle.exec(`
    INSERT INTO roots (id, uid, path, name) VALUES (1, 'r', '/photos', 'photos');
    INSERT INTO directories (id, root_id, path) VALUES (1, 1, '2024');
    ${asset(1, 'photo', '{"camera":"Canon","contentIdentifier":"A"}')}
    ${asset(2, 'video', '{"contentIdentifier":"A"}')}
    ${asset(3, 'sidecar', '{}')}
    ${asset(4, 'photo', '{}')}
    ${asset(5, 'video', '{}')}
  `);
  return handle;
}

test('an older catalogue gets its timeline when it is first opened', () => {
  const { timeline, albums } = new Catalog(Database.over(before()));
  const shown = (words: readonly string[]): number[] =>
    timeline.newest(timeline.plan({ words }, []), everyDay, 10);
  expect(timeline.days(everyDay)).toEqual([
    { day: '2024-05-05', count: 1 },
    { day: '2024-05-01', count: 1 },
  ]);
  expect(shown([])).toEqual([5, 1]);
  expect(shown(['산책'])).toEqual([5, 1]);
  expect(shown(['canon'])).toEqual([1]);
  expect(timeline.cameras(10)).toEqual(['Canon']);
  while (albums.refresh(10));
  expect(albums.list()).toMatchObject([{ path: '2024', count: 2, coverId: 5 }]);
});
