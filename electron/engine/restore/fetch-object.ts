import { createHash } from 'node:crypto';
import {
  CloudrollError,
  fail,
  failureOf,
  stopsDestination,
} from '../../../shared/domain/failure.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { Destination } from '../destinations/contract.ts';
import type { FileSystem } from '../ports/file-system.ts';

/** Whether a failure concerns more than one photo, so that going on makes no sense. */
export function stopsRestore({ code }: Failure): boolean {
  return code === 'cancelled' || stopsDestination(code);
}

/** The bytes that are wanted, and where to look for them. */
export interface Wanted {
  /** The whole SHA-256 or its first digits. */
  readonly hash: string;
  readonly bytes: number;
  readonly keys: readonly string[];
}

/**
 * Brings the wanted bytes into a new file at `path` and proves them by size and SHA-256. When an object is
 * missing or damaged the next key is tried. Nothing stays at `path` when this rejects.
 */
export async function fetchObject(
  destination: Destination,
  fileSystem: FileSystem,
  wanted: Wanted,
  path: string,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let first: Failure | undefined;
  for (const key of wanted.keys) {
    let received = 0;
    try {
      await fetchKey(destination, fileSystem, { ...wanted, key }, path, signal, (count) => {
        received += count;
        onBytes(count);
      });
      return;
    } catch (error) {
      onBytes(-received);
      const failure = failureOf(error);
      if (stopsRestore(failure)) throw error;
      first ??= failure;
    }
  }
  throw new CloudrollError(
    first ?? { code: 'notFound', message: 'The destination holds no object of this photo.' },
  );
}

async function fetchKey(
  destination: Destination,
  fileSystem: FileSystem,
  wanted: { readonly key: string; readonly hash: string; readonly bytes: number },
  path: string,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<void> {
  const { key } = wanted;
  const file = await fileSystem.create(path);
  try {
    const hash = createHash('sha256');
    let received = 0;
    try {
      for await (const chunk of destination.open(key, null, signal)) {
        received += chunk.length;
        if (received > wanted.bytes) break;
        hash.update(chunk);
        await file.write(chunk);
        onBytes(chunk.length);
      }
    } finally {
      await file.close();
    }
    if (received !== wanted.bytes || !hash.digest('hex').startsWith(wanted.hash)) {
      throw fail(
        'corrupt',
        `The bytes of ${key} at the destination are not those that were backed up.`,
      );
    }
  } catch (error) {
    // The failure above is the one to tell; a leftover is removed by the next run.
    await fileSystem.remove(path).catch(() => undefined);
    throw error;
  }
}
