import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import type { Inputs } from '../inputs/inputs.ts';
import type { Peers } from './peers.ts';
import type { Sizes } from './sizes.ts';

/** What every measurement works with. */
export interface Bench {
  readonly sizes: Sizes;
  readonly inputs: Inputs;
  readonly peers: Peers;
  /** A folder that goes with the run. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Gives an empty folder for one thing to do and removes it afterwards. */
export function withFolder<T>({ folder }: Bench, work: (path: string) => Promise<T>): Promise<T> {
  return withFolderIn(folder, work);
}

/** The same in memory, where the system has a place for that with room enough. */
export async function withMemoryFolder<T>(
  { folder }: Bench,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return withFolderIn(bavail * bsize >= memoryNeeded ? memory : folder, work);
}

const memory = '/dev/shm';
/** Two copies of a hundred thousand tiny files take a page each. */
const memoryNeeded = 4 * 1024 ** 3;

async function withFolderIn<T>(parent: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(parent, 'cloudroll-bench-run-'));
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** The row's name for the photos or files of a folder: `1,000 photos`. */
export function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}`;
}
