/**
 * Makes thumbnails as the engine does: `thumbnails.bench.ts PROCESSES grid|all DIRECTORY LIST`, where LIST
 * is a file with `[{"path": …, "sha256": …}, …]`. Prints `{"seconds": …, "made": …}`.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';

import { ProcessThumbnailer } from '../../electron/engine/media/thumbnails/process-thumbnailer.ts';

const [, , processes = '1', sizes = 'grid', directory = '', list = ''] = process.argv;
const photos = z
  .array(z.object({ path: z.string(), sha256: z.string() }))
  .parse(JSON.parse(readFileSync(list, 'utf8')));
const signal = new AbortController().signal;
const wanted = sizes === 'all' ? 'all' : 'grid';
let made = 0;
const started = performance.now();
const thumbnailer = new ProcessThumbnailer({ directory, processes: Number(processes) });
const queue = photos.values();
const work = async (): Promise<void> => {
  for (const { path, sha256 } of queue) {
    const { gridPath, previewPath } = await thumbnailer.make(path, sha256, signal, wanted);
    if (gridPath !== null && (wanted === 'grid' || previewPath !== null)) made += 1;
  }
};
// One more than the processes: none of them waits for its next picture.
await Promise.all(Array.from({ length: Number(processes) + 1 }, work));
const seconds = (performance.now() - started) / 1000;
await thumbnailer.close();
console.log(JSON.stringify({ seconds, made }));
