import { failureOf } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Logger } from '../logging/logger.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import { makePreviews } from '../sync/make-previews.ts';

export interface PreviewsPorts {
  readonly catalog: Catalog;
  readonly thumbnailer: Thumbnailer;
  readonly logger: Logger;
  readonly onProgress: (made: number, wanted: number, assetId: number | null) => void;
}

/**
 * Makes the pictures of the timeline behind everything else. Not a part of a run, which would keep the next
 * photo waiting for the pictures of all before it.
 */
export class Previews {
  readonly #ports: PreviewsPorts;
  #stop = new AbortController();
  #making: Promise<void> | null = null;

  constructor(ports: PreviewsPorts) {
    this.#ports = ports;
  }

  /** There may be photos without a picture. */
  wake(): void {
    this.#making ??= this.#make(this.#stop.signal).finally(() => {
      this.#making = null;
    });
  }

  /** Until it is woken again; resolves when nothing is being made. */
  async rest(): Promise<void> {
    this.#stop.abort();
    await this.#making;
    this.#stop = new AbortController();
  }

  async #make(signal: AbortSignal): Promise<void> {
    const { logger, onProgress } = this.#ports;
    try {
      await makePreviews(
        this.#ports,
        (made, left, assetId) => {
          onProgress(made, made + left, assetId);
        },
        signal,
      );
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code !== 'cancelled') logger.warn('previews stopped', { code, message });
    }
  }
}
