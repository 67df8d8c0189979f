import { expect, test } from 'vitest';

import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { DirectorySyncs } from '../../../electron/engine/destinations/file/directory-syncs.ts';
import type { FileSystem } from '../../../electron/engine/ports/file-system.ts';
import { fail } from '../../../shared/domain/failure.ts';

interface Held {
  readonly path: string;
  readonly end: (error?: Error) => void;
}

function setUp() {
  const begun: Held[] = [];
  const syncDirectory = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        if (error === undefined) resolve();
        else reject(error);
      };
      begun.push({ path, end });
    });
  const fileSystem: FileSystem = Object.assign(new NodeFileSystem(), { syncDirectory });
  return { begun, syncs: new DirectorySyncs(fileSystem) };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('whoever asks during a sync waits for one that begins afterwards', async () => {
  const { begun, syncs } = setUp();
  const done: string[] = [];
  const ask = (name: string) => syncs.sync('/a').then(() => done.push(name));
  const first = ask('first');
  await settled();
  const later = [ask('second'), ask('third')];
  await settled();
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  await first;
  await settled();
  expect(done).toEqual(['first']);
  expect(begun).toHaveLength(2);
  begun[1]?.end();
  await Promise.all(later);
  expect(done).toEqual(['first', 'second', 'third']);
});

test('a failure reaches those who shared the sync, and only them', async () => {
  const { begun, syncs } = setUp();
  const first = syncs.sync('/a');
  const shared = syncs.sync('/a');
  await settled();
  const second = syncs.sync('/a');
  const other = syncs.sync('/b');
  await settled();
  const outcomes = Promise.allSettled([first, shared, second, other]);
  begun[0]?.end(fail('unreadable', 'No.'));
  await settled();
  for (const { end } of begun) end();
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun.map(({ path }) => path)).toEqual(['/a', '/b', '/a']);
});
