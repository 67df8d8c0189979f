import { failureOf } from '../../../../shared/domain/failure.ts';
import { orCancelled } from '../cancellation.ts';
import type { DriveApi } from './drive-api.ts';

/**
 * Ids that Google made for files to come. A create that names its id can be repeated: a second one is refused
 * (developers.google.com/workspace/drive/api/guides/create-file, pre-generated ids).
 */
export class FileIds {
  readonly #api: DriveApi;
  readonly #ids: string[] = [];
  #filling: Promise<void> | undefined;

  constructor(api: DriveApi) {
    this.#api = api;
  }

  /** One that nobody else gets. */
  async take(signal: AbortSignal): Promise<string> {
    for (;;) {
      const id = this.#ids.pop();
      if (id !== undefined) return id;
      const others = this.#filling;
      const filling = others ?? this.#fill(signal);
      try {
        await orCancelled(filling, signal);
      } catch (error) {
        // Somebody else's attempt may have been cancelled; ours was not.
        const theirs = others !== undefined && failureOf(error).code === 'cancelled';
        if (!theirs || signal.aborted) throw error;
      }
    }
  }

  /** Fails where the sign-in may not write. */
  async prepare(signal: AbortSignal): Promise<void> {
    const ids = await this.#api.generateIds(signal);
    // However often it is asked whether writing is allowed, no heap of ids grows.
    if (this.#ids.length < ids.length) this.#ids.push(...ids);
  }

  #fill(signal: AbortSignal): Promise<void> {
    const filling = this.prepare(signal).finally(() => {
      this.#filling = undefined;
    });
    this.#filling = filling;
    return filling;
  }
}
