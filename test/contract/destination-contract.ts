import { afterAll, beforeAll, describe, test } from 'vitest';

import { SystemRandom } from '../../electron/engine/adapters/system-random.ts';
import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  cleanUp,
  validationCases,
  validationPrefix,
} from '../../electron/engine/destinations/validation/validate.ts';

/** Instances of one place, opened as often as asked for. */
export interface Place {
  readonly open: () => Promise<Destination>;
  readonly manyObjects?: number;
  /** After all cases; for what has to hold of the whole run. */
  readonly finish?: () => Promise<void> | void;
}

/** Every promise of the contract as a test. */
export function destinationContract(title: string, prepare: () => Promise<Place>): void {
  describe(title, () => {
    const prefix = validationPrefix(new SystemRandom());
    const signal = AbortSignal.timeout(600_000);
    let place: Place | undefined;
    let destination: Destination | undefined;

    beforeAll(async () => {
      place = await prepare();
      destination = await place.open();
      await destination.check(signal);
      await destination.check(signal);
    });

    afterAll(async () => {
      await destination?.close();
      await place?.finish?.();
    });

    validationCases.forEach((one, index) => {
      test(one.name, async (context) => {
        if (place === undefined || destination === undefined) throw new Error('not prepared');
        const tools = {
          prefix: `${prefix}${String(index)}/`,
          reopen: place.open,
          manyObjects: place.manyObjects ?? 0,
        };
        const reason = one.inapplicable?.(destination, tools);
        if (reason !== undefined) {
          console.info(`skipped: ${title}: ${one.name}: ${reason}`);
          context.skip(reason);
        }
        try {
          await one.run(destination, tools, signal);
        } finally {
          await cleanUp(destination, tools.prefix, signal);
        }
      });
    });
  });
}
