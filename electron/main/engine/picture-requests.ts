import type { z } from 'zod';

import type {
  FromEngine,
  pictureFileSchema,
  ToEngine,
} from '../../../shared/contract/app/engine-control.ts';
import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import { CloudrollError, fail } from '../../../shared/domain/failure.ts';

/** A file that is handed out as a picture or video. */
export type PictureFile = z.infer<typeof pictureFileSchema>;

interface Waiting {
  readonly resolve: (picture: PictureFile | null) => void;
  readonly reject: (error: CloudrollError) => void;
}

/** Asks the engine where pictures are; only the engine knows which file an id stands for. */
export class PictureRequests {
  readonly #send: (message: ToEngine) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param send throws while the engine is not there */
  constructor(send: (message: ToEngine) => void) {
    this.#send = send;
  }

  /**
   * The file of a picture; null where there can be none.
   * @throws `cancelled`, `offline` when the engine goes away, or the engine's failure
   */
  async find(asset: string, size: PictureSize, signal: AbortSignal): Promise<PictureFile | null> {
    if (signal.aborted) throw cancelled();
    this.#lastId += 1;
    const id = this.#lastId;
    const onAbort = (): void => {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) return;
      this.#send({ type: 'cancelPicture', id });
      waiting.reject(cancelled());
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#send({ type: 'picture', id, asset, size });
      });
    } finally {
      this.#waiting.delete(id);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** An answer came. */
  take({ id, picture, failure }: Extract<FromEngine, { type: 'picture' }>): void {
    const waiting = this.#waiting.get(id);
    if (failure !== null) waiting?.reject(new CloudrollError(failure));
    else waiting?.resolve(picture);
  }

  /** The engine ended: no answer will come. */
  giveUp(): void {
    for (const { reject } of this.#waiting.values()) {
      reject(fail('offline', 'The sync engine is not running.'));
    }
  }
}

function cancelled(): CloudrollError {
  return fail('cancelled', 'The work was cancelled.');
}
