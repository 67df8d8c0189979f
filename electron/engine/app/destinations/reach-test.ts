import type { TestStep } from '../../../../shared/contract/app/destinations.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../../destinations/cancellation.ts';
import type { Publisher } from '../../destinations/publisher.ts';
import { testFailure } from './test-failure.ts';

/** Longest time that a person waits, milliseconds. */
const longestMs = 60_000;

/**
 * Tests a place that only shows photos: whether it can be reached and the sign-in holds. There is nothing to write
 * or to prove that could be taken back.
 * @throws `cancelled` when the signal aborts; nothing else
 */
export async function reachTest(
  open: () => Promise<Publisher>,
  onStep: (step: TestStep) => void,
  signal: AbortSignal,
): Promise<TestStep[]> {
  onStep({ step: 'reach', state: 'running', failure: null });
  const failure = await reach(open, AbortSignal.any([signal, AbortSignal.timeout(longestMs)]));
  throwIfCancelled(signal);
  const result: TestStep = {
    step: 'reach',
    state: failure === null ? 'passed' : 'failed',
    failure,
  };
  onStep(result);
  return [result];
}

async function reach(open: () => Promise<Publisher>, signal: AbortSignal): Promise<Failure | null> {
  let publisher: Publisher | null = null;
  try {
    publisher = await open();
    await publisher.check(signal);
    return null;
  } catch (error) {
    return testFailure(error);
  } finally {
    await publisher?.close().catch(() => undefined);
  }
}
