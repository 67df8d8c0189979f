import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { MediaReader } from '../../../electron/engine/ports/media-reader.ts';

/** Hashes in the test's own thread; knows nothing of media. */
export const testMediaReader: MediaReader = {
  inspect: () => Promise.reject(fail('unsupported', 'This reader only hashes.')),
  hash: async (path, signal) => {
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const stream = createReadStream(path, { signal, highWaterMark: 1024 * 1024 });
      for await (const chunk of stream) {
        if (!Buffer.isBuffer(chunk)) throw fail('bug', 'A file was read as text.');
        hash.update(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw fail('notFound', `There is no file ${path}.`, { cause: error });
      }
      throw fail(failureOf(error).code, `${path} cannot be hashed.`, { cause: error });
    }
    return { sha256: hash.digest('hex'), bytes };
  },
  close: () => Promise.resolve(),
};
