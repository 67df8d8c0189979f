import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import sharp from 'sharp';

import { runCli, type CliOptions, type CliResult } from './run-cli.ts';

const HOUR = 3_600_000;

/** Folders of one test, which go when it ends. */
export class Workspace implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'cloudroll-e2e-')));
    await mkdir(workspace.photos);
    return workspace;
  }

  get photos(): string {
    return join(this.root, 'Pictures');
  }

  get backup(): string {
    return join(this.root, 'backup');
  }

  get data(): string {
    return join(this.root, 'data');
  }

  get backupUrl(): string {
    return `file://${this.backup}`;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Writes a file among the photos, at rest as by {@link writeAtRest}. */
  async write(name: string, content: Uint8Array | string): Promise<string> {
    const path = await this.#placeOf(name);
    await writeAtRest(path, content);
    return path;
  }

  /** Writes a file among the photos at this very moment. */
  async writeNow(name: string, content: Uint8Array | string): Promise<string> {
    const path = await this.#placeOf(name);
    await writeFile(path, content);
    return path;
  }

  /** Runs a command with this workspace's data directory and without previews, as data. */
  sync(more: readonly string[] = [], options: CliOptions = {}): Promise<CliResult> {
    const base = ['sync', this.photos, '--to', this.backupUrl, '--data', this.data];
    return runCli([...base, '--no-previews', '--json', ...more], options);
  }

  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return runCli([...args, '--data', this.data], options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  async #placeOf(name: string): Promise<string> {
    const path = join(this.photos, name);
    await mkdir(dirname(path), { recursive: true });
    return path;
  }
}

let writtenAtRest = 0;

/**
 * Writes a file that was changed an hour ago, at another time than any before: what was written this moment the
 * product reads only once it has come to rest, and each test that is not about that would wait for it.
 */
export async function writeAtRest(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(path, content);
  writtenAtRest += 1;
  const time = new Date(Date.now() - HOUR + writtenAtRest);
  await utimes(path, time, time);
}

/** A real JPEG of one colour, different for each seed; `side` pixels wide and high. */
export async function jpeg(seed: number, side = 24): Promise<Buffer> {
  const background = { r: seed % 256, g: (seed * 7) % 256, b: (seed * 31) % 256 };
  const two = (value: number) => String(value).padStart(2, '0');
  return sharp({ create: { width: side, height: side, channels: 3, background } })
    .withExif({
      IFD2: { DateTimeOriginal: `2024:05:${two(1 + (seed % 28))} 12:00:${two(seed % 60)}` },
    })
    .jpeg()
    .toBuffer();
}

/** A JPEG of about so many bytes: a small picture with a long comment behind it. */
export async function largeJpeg(seed: number, bytes: number): Promise<Buffer> {
  const picture = await jpeg(seed);
  const filling = Buffer.alloc(Math.max(0, bytes - picture.length), seed % 251);
  return Buffer.concat([picture, filling]);
}

/** SHA-256 of every file below a folder, by its path relative to it. */
export async function hashesBelow(folder: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    hashes.set(relative(folder, path), hash);
  }
  return hashes;
}

/** The same for what a folder destination keeps of the person's files. */
export async function backedUpHashes(backup: string): Promise<string[]> {
  const hashes = await hashesBelow(backup);
  return [...hashes].flatMap(([path, hash]) => (path.startsWith('.cloudroll') ? [] : [hash]));
}
