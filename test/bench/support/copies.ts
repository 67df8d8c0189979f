import { join } from 'node:path';

import type { InputFolder } from '../inputs/manifest.ts';
import { withFolder, type Bench } from './bench.ts';
import { requireSummary, syncToFolder } from './cloudroll.ts';
import { measure, type Command, type Measured } from './measure.ts';
import { requireStored } from './stored.ts';

/** A first sync to an empty folder with an empty catalogue, and what it stored. */
export function copyWithUs(bench: Bench, library: InputFolder): Promise<Measured> {
  return withFolder(bench, async (folder) => {
    const [target, data] = [join(folder, 'backup'), join(folder, 'data')];
    const measured = await measure(syncToFolder(library.path, target, data), bench.signal);
    requireSummary(measured, { uploaded: library.files.length });
    await requireStored(target, library, bench.signal);
    return measured;
  });
}

/** The same until everything is backed up: the pictures for the timeline are still being made then. */
export function copyWithPictures(bench: Bench, library: InputFolder): Promise<Measured> {
  return withFolder(bench, async (folder) => {
    const [target, data] = [join(folder, 'backup'), join(folder, 'data')];
    const command = {
      ...syncToFolder(library.path, target, data, []),
      until: (line: string) => line.startsWith('{"event":"delivered"'),
    };
    const measured = await measure(command, bench.signal);
    await requireStored(target, library, bench.signal);
    return measured;
  });
}

/** A peer's copy to an empty folder, and what it stored. */
export function copyWithPeer(
  bench: Bench,
  library: InputFolder,
  commandTo: (target: string) => Command,
): Promise<Measured> {
  return withFolder(bench, async (folder) => {
    const target = join(folder, 'copy');
    const measured = await measure(commandTo(target), bench.signal);
    await requireStored(target, library, bench.signal);
    return measured;
  });
}
