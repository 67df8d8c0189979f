import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { mountOf, parseMountTable } from '../../../electron/engine/scan/volume-identity.ts';
import {
  judgeRoot,
  judgeVanished,
  lookAtRoot,
  rememberRoot,
  type RootSighting,
} from '../../../electron/engine/scan/volumes.ts';
import { makeTree, temporaryDirectory } from './temporary-directory.ts';

const seen: RootSighting = {
  volume: 'uuid:a',
  inode: 12,
  names: ['2023', '2024', 'a.jpg', 'b.jpg'],
};
const known = rememberRoot(seen);

describe('judgeRoot', () => {
  test.each<[string, Partial<RootSighting> | null, string]>([
    ['nothing changed', {}, 'ok'],
    ['it is not there', null, 'missing'],
    ['new files came', { names: [...seen.names, 'c.jpg', 'd.jpg'] }, 'ok'],
    ['half of it is gone', { names: ['2023', '2024'] }, 'ok'],
    ['it was put in order anew', { names: ['Holidays', 'Family'] }, 'ok'],
    ['everything is gone', { names: [] }, 'emptied'],
    ['an empty mount point', { volume: 'uuid:system', inode: 7, names: [] }, 'differentVolume'],
    ['another drive', { volume: 'uuid:b', names: ['Music'] }, 'differentVolume'],
    ['another folder of the same name', { inode: 99, names: ['Music'] }, 'differentVolume'],
    ['the same drive, copied', { volume: 'uuid:b', inode: 40 }, 'ok'],
    ['a network drive that counts inodes anew', { volume: null, inode: 40 }, 'ok'],
    ['a volume without identity, emptied', { volume: null, names: [] }, 'emptied'],
    ['no inodes, other names', { inode: 0, names: ['Music'] }, 'ok'],
  ])('%s', (_, change, verdict) => {
    expect(judgeRoot(known, change === null ? null : { ...seen, ...change })).toBe(verdict);
  });

  test('the first scan, and a folder that was empty, are fine', () => {
    expect(judgeRoot(null, seen)).toBe('ok');
    expect(judgeRoot({ volume: 'uuid:b', inode: 1, sample: [] }, seen)).toBe('ok');
  });

  test('a folder that loses all its names is never fine', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(names, fc.option(fc.string()), fc.nat(), (all, volume, inode) => {
        const before = { volume, inode, names: all };
        expect(judgeRoot(rememberRoot(before), before)).toBe('ok');
        expect(judgeRoot(rememberRoot(before), { ...before, names: [] })).toBe('emptied');
      }),
    );
  });
});

describe('judgeVanished', () => {
  test.each([
    [0, 0, 'ok'],
    [5, 5, 'ok'],
    [10, 10, 'ask'],
    [100, 50, 'ok'],
    [100, 51, 'ask'],
    [1000, 200, 'ok'],
    [1000, 201, 'ask'],
    [100_000, 1000, 'ok'],
    [100_000, 1001, 'ask'],
  ])('of %i files %i: %s', (before, vanished, verdict) => {
    expect(judgeVanished(before, vanished)).toBe(verdict);
  });

  test('more vanished files never quieten the question', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.nat(5000), (all, a, b) => {
        const [few, many] = [Math.min(a, b, all), Math.min(Math.max(a, b), all)];
        if (judgeVanished(all, few) === 'ask') expect(judgeVanished(all, many)).toBe('ask');
      }),
    );
  });
});

test('the mount table is read with its escapes, and the deepest, last mount counts', () => {
  const mounts = parseMountTable(
    [
      '22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/root rw',
      '40 22 8:17 / /media/my\\040disk rw shared:5 master:1 - exfat /dev/sdb1 rw',
      '41 22 0:50 / /mnt/nas rw - cifs //nas/photos rw',
      '42 41 0:51 / /mnt/nas rw - tmpfs tmpfs rw',
      'nonsense',
      '',
    ].join('\n'),
  );
  expect(mountOf('/media/my disk/2024', mounts)?.source).toBe('/dev/sdb1');
  expect(mountOf('/media/my disk2', mounts)?.source).toBe('/dev/root');
  expect(mountOf('/mnt/nas', mounts)?.type).toBe('tmpfs');
  expect(mountOf('/home', mounts)?.type).toBe('ext4');
  expect(mountOf('/home', [])).toBeNull();
});

describe('lookAtRoot', () => {
  const fileSystem = new NodeFileSystem();

  test('sees the folder the same twice, without junk', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a.jpg': 'a', '.DS_Store': '', '2024/b.jpg': 'b' });
    const first = await lookAtRoot(root, fileSystem, process.platform);
    const second = await lookAtRoot(root, fileSystem, process.platform);
    expect(second).toEqual(first);
    expect('seen' in first ? [...first.seen.names].sort() : []).toEqual(['2024', 'a.jpg']);
  });

  test('never takes the names of one folder and the identity of another: a drive went away in between', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'drive/a.jpg': 'a', 'mountPoint/notes.txt': 'b' });
    class LosingDrive extends NodeFileSystem {
      #there = true;
      override async realPath(): Promise<string> {
        return Promise.resolve(`${root}/${this.#there ? 'drive' : 'mountPoint'}`);
      }
      override async readDirectory(): ReturnType<NodeFileSystem['readDirectory']> {
        const entries = await super.readDirectory(await this.realPath());
        this.#there = false;
        return entries;
      }
    }
    const look = await lookAtRoot(`${root}/drive`, new LosingDrive(), 'darwin');
    expect(look).toMatchObject({ failure: { code: 'offline' } });
  });

  test('says why a folder cannot be seen', async () => {
    const root = await temporaryDirectory();
    const look = await lookAtRoot(`${root}/gone`, fileSystem, process.platform);
    expect(look).toMatchObject({ failure: { code: 'notFound' } });
  });
});
