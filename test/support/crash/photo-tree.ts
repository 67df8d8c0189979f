import { createHash } from 'node:crypto';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { box, jpegHeader, movie, tiffBlock, xmpPacket } from '../media/builders.ts';

/** A person's photos: two folders with duplicates, a sidecar and, where wanted, a film of three parts. */
export interface PhotoTree {
  readonly root: string;
  /** SHA-256 of each distinct content, sidecars included. */
  readonly contents: ReadonlySet<string>;
  /** SHA-256 of each distinct photo and film. */
  readonly photos: ReadonlySet<string>;
  /** SHA-256 by path below the root. */
  readonly files: ReadonlyMap<string, string>;
  /** What is no longer as it was made: bytes, times, links and names; empty where nothing was touched. */
  changes(): Promise<string[]>;
}

/** More than two parts of a multipart upload. */
const filmBytes = 17 * 1024 * 1024;

export async function makePhotoTree(root: string, film: boolean): Promise<PhotoTree> {
  const beach = photo(1, '2024:05:17 12:00:00');
  const tree: Record<string, Uint8Array> = {
    'Jeju/beach.jpg': beach,
    'Jeju/beach.xmp': Buffer.from(xmpPacket('xmp:Rating="5"')),
    'Jeju/한라산.jpg': photo(2, '2024:05:18 07:30:00'),
    // The same name, so that its key does not depend on which of the two is read first.
    'copies/beach.jpg': beach,
    'copies/undated.jpg': photo(3),
    ...(film ? { 'copies/film.mov': filmOf(filmBytes) } : {}),
  };
  for (const [path, bytes] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  const files = new Map(Object.entries(tree).map(([path, bytes]) => [path, sha256(bytes)]));
  const photos = [...files].flatMap(([path, hash]) => (path.endsWith('.xmp') ? [] : [hash]));
  const original = await snapshot(root);
  return {
    root,
    files,
    contents: new Set(files.values()),
    photos: new Set(photos),
    changes: async () => {
      const now = await snapshot(root);
      const names = new Set([...original.keys(), ...now.keys()]);
      return [...names].filter((name) => original.get(name) !== now.get(name));
    },
  };
}

/** `/`-separated paths of every file below a folder; none where there is no folder. */
export async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function photo(seed: number, taken?: string): Buffer {
  const exif = taken === undefined ? {} : { exif: tiffBlock({}, { 0x9003: taken }) };
  return Buffer.concat([jpegHeader({ ...exif, width: 40, height: 30 }), noise(seed, 3000)]);
}

/** A film whose parts all differ. */
function filmOf(bytes: number): Buffer {
  return Buffer.concat([movie({ durationSeconds: 2 }), box('free', noise(4, bytes))]);
}

function noise(seed: number, bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(String(seed)).digest();
}

/** Every change of a file, also of its links, mode and times, changes its `ctime`. */
async function snapshot(root: string): Promise<Map<string, string>> {
  const facts = new Map<string, string>();
  for (const path of await filesBelow(root)) {
    const { ino, size, mtimeNs, ctimeNs, nlink } = await stat(join(root, path), { bigint: true });
    facts.set(path, [ino, size, mtimeNs, ctimeNs, nlink].join(' '));
  }
  return facts;
}
