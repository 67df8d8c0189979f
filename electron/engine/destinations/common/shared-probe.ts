import { failureOf } from '../../../../shared/domain/failure.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';

/** What a destination has to learn of its server before the first upload: learned once, for all who wait. */
export class SharedProbe {
  readonly #learn: (signal: AbortSignal) => Promise<void>;
  #probing: Promise<void> | undefined;

  /** @param learn what failed is tried again by the next who asks */
  constructor(learn: (signal: AbortSignal) => Promise<void>) {
    this.#learn = learn;
  }

  /** Learns anew, whatever is known. */
  async again(signal: AbortSignal): Promise<void> {
    const probing = this.#learn(signal);
    this.#probing = probing;
    try {
      await probing;
    } catch (error) {
      if (this.#probing === probing) this.#probing = undefined;
      throw error;
    }
  }

  /** Uploads that begin together share one probe; one that is cancelled leaves it to the others. */
  async ensure(signal: AbortSignal): Promise<void> {
    for (;;) {
      throwIfCancelled(signal);
      try {
        await orCancelled(this.#probing ?? this.again(signal), signal);
        return;
      } catch (error) {
        if (signal.aborted || failureOf(error).code !== 'cancelled') throw error;
      }
    }
  }
}
