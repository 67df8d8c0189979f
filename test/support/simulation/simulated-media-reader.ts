import { createHash } from 'node:crypto';

import type { FileSystem } from '../../../electron/engine/ports/file-system.ts';
import type { Inspection, MediaReader } from '../../../electron/engine/ports/media-reader.ts';
import { readFakePhoto, typeByName } from './fake-photo.ts';
import type { SimulatedProcess, Steps } from './steps.ts';

/** Reads pretend media through the simulated file system; the SHA-256 is a real one. */
export class SimulatedMediaReader implements MediaReader {
  readonly #fileSystem: FileSystem;
  readonly #steps: Steps;
  readonly #process: SimulatedProcess;

  constructor(fileSystem: FileSystem, steps: Steps, process: SimulatedProcess) {
    this.#fileSystem = fileSystem;
    this.#steps = steps;
    this.#process = process;
  }

  async inspect(path: string, signal: AbortSignal): Promise<Inspection> {
    const { sha256, head, bytes } = await this.#read(path, signal);
    return this.#steps.step({
      process: this.#process,
      label: `inspect ${path}`,
      faults: ['metadata'],
      signal,
      perform: (fault): Inspection => {
        const media = readFakePhoto(head);
        const failed = fault === 'metadata';
        return {
          sha256,
          bytes,
          type: media?.type ?? typeByName(path),
          tags: failed ? {} : (media?.tags ?? {}),
          metadataFailure: failed
            ? { code: 'timeout', message: 'The metadata could not be read in time.' }
            : null,
        };
      },
    });
  }

  async hash(path: string, signal: AbortSignal): Promise<{ sha256: string; bytes: number }> {
    const { sha256, bytes } = await this.#read(path, signal);
    return { sha256, bytes };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #read(
    path: string,
    signal: AbortSignal,
  ): Promise<{ sha256: string; head: Uint8Array; bytes: number }> {
    const hash = createHash('sha256');
    const head: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of this.#fileSystem.read(path, signal)) {
      hash.update(chunk);
      if (bytes < 80) head.push(chunk);
      bytes += chunk.length;
    }
    return { sha256: hash.digest('hex'), head: Buffer.concat(head), bytes };
  }
}
