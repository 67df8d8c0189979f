import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { FileSystem } from '../../electron/engine/ports/file-system.ts';
import { makeDirectories } from '../../electron/engine/ports/make-directories.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import type { FailureCode } from '../../shared/domain/failure.ts';

/** A file system to test and an empty directory in it. */
export interface FileSystemUnderTest {
  readonly fileSystem: FileSystem;
  /** Absolute path, without a slash at the end. */
  readonly directory: string;
  dispose(): Promise<void>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What every implementation of the file system port promises. */
export function fileSystemSuite(name: string, make: () => Promise<FileSystemUnderTest>): void {
  describe(`file system: ${name}`, () => {
    let under: FileSystemUnderTest;
    let fileSystem: FileSystem;
    const at = (path: string): string => `${under.directory}/${path}`;
    const { signal } = new AbortController();

    beforeEach(async () => {
      under = await make();
      fileSystem = under.fileSystem;
    });
    afterEach(async () => {
      await under.dispose();
    });

    async function write(path: string, text: string): Promise<void> {
      const file = await fileSystem.create(at(path));
      await file.write(encoder.encode(text));
      await file.sync();
      await file.close();
    }

    async function readText(path: string, start?: number, end?: number): Promise<string> {
      const chunks: Uint8Array[] = [];
      for await (const chunk of fileSystem.read(at(path), signal, start, end)) {
        chunks.push(Uint8Array.from(chunk));
      }
      return decoder.decode(Buffer.concat(chunks));
    }

    async function codeOf(work: Promise<unknown>): Promise<FailureCode | 'none'> {
      return work.then(
        () => 'none',
        (error: unknown) => failureOf(error).code,
      );
    }

    it('writes a file once and reads back its bytes and its stat', async () => {
      await write('photo.jpg', 'twelve bytes');
      expect(await readText('photo.jpg')).toBe('twelve bytes');
      const stat = await fileSystem.stat(at('photo.jpg'));
      expect(stat).toMatchObject({ kind: 'file', size: 12, placeholder: false });
      expect(stat.device).toBe((await fileSystem.stat(under.directory)).device);
    });

    it('refuses to create what exists and leaves it as it is', async () => {
      await write('photo.jpg', 'first');
      expect(await codeOf(fileSystem.create(at('photo.jpg')))).toBe('conflict');
      expect(await readText('photo.jpg')).toBe('first');
    });

    it('reads a half-open range', async () => {
      await write('photo.jpg', '0123456789');
      expect(await readText('photo.jpg', 2, 5)).toBe('234');
      expect(await readText('photo.jpg', 8)).toBe('89');
      expect(await readText('photo.jpg', 10)).toBe('');
    });

    it('reads a small file whole and refuses a larger one', async () => {
      await write('marker.json', '{"a":1}');
      expect(decoder.decode(await fileSystem.readFile(at('marker.json'), 7))).toBe('{"a":1}');
      expect(await codeOf(fileSystem.readFile(at('marker.json'), 6))).toBe('invalid');
    });

    it('says notFound for what is not there', async () => {
      expect(await codeOf(fileSystem.stat(at('none')))).toBe('notFound');
      expect(await codeOf(fileSystem.readDirectory(at('none')))).toBe('notFound');
      expect(await codeOf(fileSystem.listDirectory(at('none'), () => true))).toBe('notFound');
      expect(await codeOf(fileSystem.readFile(at('none'), 10))).toBe('notFound');
      expect(await codeOf(readText('none'))).toBe('notFound');
      expect(await codeOf(fileSystem.remove(at('none')))).toBe('notFound');
      expect(await codeOf(fileSystem.publish(at('none'), at('other')))).toBe('notFound');
      expect(await codeOf(fileSystem.create(at('none/file')))).toBe('notFound');
    });

    it('treats a path below a file as notFound', async () => {
      await write('photo.jpg', 'x');
      expect(await codeOf(fileSystem.stat(at('photo.jpg/inside')))).toBe('notFound');
    });

    it('lists names, and stats only for the wanted ones', async () => {
      await write('b.jpg', 'bb');
      await write('a.txt', 'a');
      await fileSystem.makeDirectory(at('folder'));
      const names = (await fileSystem.readDirectory(under.directory)).map((entry) => entry.name);
      expect(names.toSorted()).toEqual(['a.txt', 'b.jpg', 'folder']);
      const listed = await fileSystem.listDirectory(under.directory, (entry) =>
        entry.name.endsWith('.jpg'),
      );
      const sizes = Object.fromEntries(listed.map((entry) => [entry.name, entry.stat?.size]));
      expect(sizes).toEqual({ 'a.txt': undefined, 'b.jpg': 2, folder: undefined });
    });

    it('makes a directory only in one that is there, and leaves alone one that exists', async () => {
      expect(await codeOf(fileSystem.makeDirectory(at('a/b')))).toBe('notFound');
      expect(await codeOf(fileSystem.stat(at('a')))).toBe('notFound');
      await fileSystem.makeDirectory(at('a'));
      await fileSystem.makeDirectory(at('a/b'));
      await fileSystem.makeDirectory(at('a'));
      expect((await fileSystem.stat(at('a/b'))).kind).toBe('directory');
    });

    it('has the directories above made one by one, up to a root that has to be there', async () => {
      await fileSystem.makeDirectory(at('root'));
      await makeDirectories(fileSystem, at('root/a/b/c'), at('root'));
      expect((await fileSystem.stat(at('root/a/b/c'))).kind).toBe('directory');
      await makeDirectories(fileSystem, at('root/a/b/c'), at('root/'));
      expect(await codeOf(makeDirectories(fileSystem, at('gone/a/b'), at('gone')))).toBe(
        'notFound',
      );
      expect(await codeOf(fileSystem.stat(at('gone')))).toBe('notFound');
    });

    it('publishes under a new name and never over an existing one', async () => {
      await write('temporary', 'new');
      await fileSystem.publish(at('temporary'), at('final'));
      expect(await readText('final')).toBe('new');
      expect(await codeOf(fileSystem.stat(at('temporary')))).toBe('notFound');
      await write('second', 'other');
      expect(await codeOf(fileSystem.publish(at('second'), at('final')))).toBe('conflict');
      expect(await readText('final')).toBe('new');
      expect(await readText('second')).toBe('other');
    });

    it('replaces atomically', async () => {
      await write('settings', 'old');
      await write('settings.new', 'new');
      await fileSystem.replace(at('settings.new'), at('settings'));
      expect(await readText('settings')).toBe('new');
      expect(await codeOf(fileSystem.stat(at('settings.new')))).toBe('notFound');
    });

    it('copies into a new file and never over an existing one', async () => {
      await write('source', 'bytes to copy');
      await fileSystem.copy(at('source'), at('copy'), signal);
      expect(await readText('copy')).toBe('bytes to copy');
      await write('standing', 'stays');
      expect(await codeOf(fileSystem.copy(at('source'), at('standing'), signal))).toBe('conflict');
      expect(await readText('standing')).toBe('stays');
    });

    it('removes files, and directories only when they are empty', async () => {
      await fileSystem.makeDirectory(at('folder'));
      await write('folder/file', 'x');
      expect(await codeOf(fileSystem.removeDirectory(at('folder')))).toBe('conflict');
      await fileSystem.remove(at('folder/file'));
      await fileSystem.removeDirectory(at('folder'));
      expect(await codeOf(fileSystem.stat(at('folder')))).toBe('notFound');
    });

    it('sets the modification time', async () => {
      await write('photo.jpg', 'x');
      await fileSystem.setModified(at('photo.jpg'), 1_500_000_000_000);
      expect((await fileSystem.stat(at('photo.jpg'))).modifiedMs).toBe(1_500_000_000_000);
    });

    it('syncs files and directories', async () => {
      await write('photo.jpg', 'x');
      await fileSystem.sync(at('photo.jpg'));
      await fileSystem.syncDirectory(under.directory);
      expect(await readText('photo.jpg')).toBe('x');
    });

    it('gives the same inode after a rename and another one for another file', async () => {
      await write('a', '1');
      await write('b', '2');
      const before = await fileSystem.stat(at('a'));
      expect((await fileSystem.stat(at('b'))).inode).not.toBe(before.inode);
      await fileSystem.publish(at('a'), at('c'));
      expect((await fileSystem.stat(at('c'))).inode).toBe(before.inode);
    });

    it('stops reading when it is cancelled', async () => {
      await write('photo.jpg', 'x'.repeat(1000));
      const controller = new AbortController();
      controller.abort();
      const read = async (): Promise<void> => {
        for await (const chunk of fileSystem.read(at('photo.jpg'), controller.signal)) {
          expect(chunk.length).toBe(-1);
        }
      };
      expect(await codeOf(read())).toBe('cancelled');
    });

    it('knows free space and real paths', async () => {
      const { used, free } = await fileSystem.space(under.directory);
      expect(free).toBeGreaterThan(0);
      expect(used).toBeGreaterThanOrEqual(0);
      expect(await fileSystem.realPath(under.directory)).toMatch(/^[/A-Z]/);
    });
  });
}
