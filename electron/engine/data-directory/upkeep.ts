import { Worker } from 'node:worker_threads';

import { CloudrollError, fail, type Failure } from '../../../shared/domain/failure.ts';
import { moduleBeside } from '../adapters/module-beside.ts';

/** What the upkeep thread is asked to do. */
export type UpkeepTask =
  | { readonly kind: 'check'; readonly path: string; readonly thorough: boolean }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string };

/** What it answers. */
export type UpkeepAnswer =
  | { readonly done: true; readonly sound: boolean }
  | { readonly done: false; readonly failure: Failure };

/**
 * Whether a catalogue is undamaged (`PRAGMA quick_check`), asked in a thread of its own: a large one takes
 * seconds. A file that is no catalogue at all is not.
 * @param thorough compares the indices with their tables as well (`PRAGMA integrity_check`), which takes longer
 * @throws `cancelled`, or the failure that kept it from being read
 */
export async function checkCatalogue(
  path: string,
  signal: AbortSignal,
  thorough = false,
): Promise<boolean> {
  return perform({ kind: 'check', path, thorough }, signal);
}

/**
 * Writes a compact copy of a catalogue that other connections may be writing to (`VACUUM INTO`), as it was
 * at one moment, and makes it durable.
 * @param to must not exist
 * @throws `cancelled`, `corrupt`, `diskFull` …; what was written by then is left behind
 */
export async function copyCatalogue(from: string, to: string, signal: AbortSignal): Promise<void> {
  await perform({ kind: 'copy', from, to }, signal);
}

async function perform(task: UpkeepTask, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
  const worker = new Worker(moduleBeside('upkeep-worker', import.meta.url), { workerData: task });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop);
  try {
    const answer = await answerOf(worker);
    if (answer === null) throw fail('cancelled', 'The work was cancelled.');
    if (!answer.done) throw new CloudrollError(answer.failure);
    return answer.sound;
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** Null where the thread was stopped before it answered. */
function answerOf(worker: Worker): Promise<UpkeepAnswer | null> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: UpkeepAnswer) => {
      resolve(answer);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      resolve(null);
    });
  });
}
