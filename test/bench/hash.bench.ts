/**
 * Hashes files as the engine does: `hash.bench.ts THREADS FILE…`. Prints `{"seconds": …, "hashes": […]}`.
 */
import { performance } from 'node:perf_hooks';

import { WorkerMediaReader } from '../../electron/engine/media/worker-media-reader.ts';

const [, , threads = '1', ...files] = process.argv;
const signal = new AbortController().signal;
const started = performance.now();
const reader = new WorkerMediaReader({ threads: Number(threads) });
const read = await Promise.all(files.map((file) => reader.hash(file, signal)));
const seconds = (performance.now() - started) / 1000;
await reader.close();
console.log(JSON.stringify({ seconds, hashes: read.map(({ sha256 }) => sha256) }));
