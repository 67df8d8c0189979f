import { randomBytes } from 'node:crypto';

import type { Planned } from './manifest.ts';

const count = 8;

/** A few files of so many bytes each. */
export async function* largeFiles(bytes: number): AsyncGenerator<Planned> {
  for (let index = 0; index < count; index += 1) {
    const block = randomBytes(1024 * 1024);
    const content = Buffer.concat(
      Array.from({ length: Math.ceil(bytes / block.length) }, () => block),
    );
    yield await Promise.resolve({
      name: `video-${String(index)}.bin`,
      content,
      modified: new Date(2020, 0, 1),
    });
  }
}
