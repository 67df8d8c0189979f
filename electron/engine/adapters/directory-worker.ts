import { lstatSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { toNativePath } from '../scan/raw-path.ts';
import type { DirectoryAnswer, DirectoryQuestion } from './directory-workers.ts';
import { systemCode } from './file-system-failure.ts';
import { listNamesSync } from './node-directory.ts';
import { toFileStat } from './node-stat.ts';
import { ListingPacker, type PackedListing } from './packed-listing.ts';

/** A thread that lists directories by calls that wait: see `directory-workers.ts`. */
parentPort?.on('message', ({ id, path, platform }: DirectoryQuestion) => {
  const answer = answerTo(id, path, platform);
  const moved = 'listing' in answer ? [answer.listing.numbers.buffer] : [];
  parentPort?.postMessage(answer, moved);
});
parentPort?.postMessage('ready' satisfies DirectoryAnswer);

function answerTo(
  id: number,
  path: string,
  platform: NodeJS.Platform,
): Exclude<DirectoryAnswer, 'ready'> {
  try {
    return { id, listing: list(path, platform) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, systemCode: systemCode(error), message };
  }
}

function list(path: string, platform: NodeJS.Platform): PackedListing {
  const entries = listNamesSync(path);
  const packer = new ListingPacker(entries.length);
  for (const entry of entries) {
    try {
      const stats = lstatSync(toNativePath(`${path}/${entry.name}`), {
        throwIfNoEntry: false,
      });
      if (stats !== undefined) packer.addStat(entry.name, toFileStat(stats, platform));
    } catch (error) {
      packer.addFailure(entry, systemCode(error));
    }
  }
  return packer.packed();
}
