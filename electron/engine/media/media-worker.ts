import { parentPort, workerData } from 'node:worker_threads';
import type { MediaType } from '../../../shared/domain/asset.ts';
import { CloudrollError, fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { mediaTypeOf, sniffLength } from '../../../shared/domain/media-types.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';
import { closeFile, FileHasher, openFile, sourceOf } from './file-hashing.ts';
import type { ByteSource } from './readers/byte-source.ts';
import {
  controlCancelled,
  controlProgress,
  type WorkerData,
  type WorkerReply,
  type WorkerRequest,
} from './worker-protocol.ts';

/** A thread that hashes files and reads their metadata; it may be killed at any moment. */

const port = parentPort;
if (port === null) throw new Error('This module runs only as a worker thread.');

const { control: sharedControl } = workerData as WorkerData;
const control = new Int32Array(sharedControl);
const hasher = new FileHasher();

/** The next file waits here while the first one's bytes are still in the hasher's buffers. */
let served = Promise.resolve();

port.on('message', (request: WorkerRequest) => {
  served = served.then(() =>
    serve(request, (reply) => {
      port.postMessage(reply);
    }),
  );
});

async function serve(request: WorkerRequest, reply: (reply: WorkerReply) => void): Promise<void> {
  const { id, kind, path } = request;
  try {
    const file = openFile(path);
    try {
      const hashed = hasher.hash(file, () => {
        Atomics.add(control, controlProgress, 1);
        if (Atomics.load(control, controlCancelled) === id) {
          throw fail('cancelled', 'The work was cancelled.');
        }
      });
      const { sha256, bytes } = hashed;
      const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
      const type = mediaTypeOf(hashed.head.subarray(0, sniffLength), name);
      reply({ id, event: 'hashed', sha256, bytes, type });
      if (kind === 'inspect') {
        reply({ id, event: 'parsed', ...(await metadataOf(sourceOf(file, hashed), type)) });
      }
    } finally {
      closeFile(file);
    }
  } catch (error) {
    reply({ id, event: 'failed', failure: failureOf(error) });
  }
}

async function metadataOf(
  source: ByteSource,
  type: MediaType | null,
): Promise<{ readonly tags: MetadataTags; readonly failure: Failure | null }> {
  if (type === null) return { tags: {}, failure: null };
  // Most of what this thread would load, and a thread that only hashes needs none of it.
  const { readMetadata } = await import('./readers/read-metadata.ts');
  try {
    return { tags: await readMetadata(source, type), failure: null };
  } catch (error) {
    if (error instanceof CloudrollError) return { tags: {}, failure: error.failure };
    // A parser that trips over bytes nobody foresaw: the bytes are to blame, not the program.
    return { tags: {}, failure: { code: 'corrupt', message: 'The metadata is damaged.' } };
  }
}
