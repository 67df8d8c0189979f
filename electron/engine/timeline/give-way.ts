import { setImmediate } from 'node:timers/promises';

import { fail } from '../../../shared/domain/failure.ts';

/** Lets everything else that is ready have its turn; rejects with `cancelled` where nobody waits any more. */
export async function giveWay(signal: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
}
