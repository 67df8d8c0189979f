import { lstatSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { isCandidate, sortOut, unlessKnown } from '../scan/look.ts';
import { toNativePath } from '../scan/raw-path.ts';
import type { DirectoryAnswer, DirectoryQuestion } from './directory-workers.ts';
import { systemCode } from './file-system-failure.ts';
import { listNamesSync, listWithStatsSync } from './node-directory.ts';
import { toFileStat } from './node-stat.ts';
import { ListingPacker, type PackedListing } from './packed-listing.ts';
import { packLook, type PackedLook } from './packed-look.ts';

/** A thread that lists directories by calls that wait: see `directory-workers.ts`. */
parentPort?.on('message', (question: DirectoryQuestion) => {
  const answer = answerTo(question);
  parentPort?.postMessage(answer, movedWith(answer));
});
parentPort?.postMessage('ready' satisfies DirectoryAnswer);

function answerTo(question: DirectoryQuestion): Exclude<DirectoryAnswer, 'ready'> {
  const { id, path, platform } = question;
  try {
    return question.kind === 'look'
      ? { id, look: look(path, question.known, platform) }
      : { id, listing: list(path, platform) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, systemCode: systemCode(error), message };
  }
}

function movedWith(answer: Exclude<DirectoryAnswer, 'ready'>): ArrayBuffer[] {
  if ('listing' in answer) return [answer.listing.numbers.buffer];
  if (!('look' in answer) || typeof answer.look.files === 'number') return [];
  return [answer.look.files.numbers.buffer];
}

function look(path: string, known: string | null, platform: NodeJS.Platform): PackedLook {
  return packLook(unlessKnown(sortOut(listWithStatsSync(path, isCandidate, platform)), known));
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
