import type { TestStep } from '../../shared/contract/app/destinations.ts';
import type { Failure } from '../../shared/domain/failure.ts';

/** How a test of a connection stands. */
export interface TestRun {
  readonly phase: 'idle' | 'running' | 'passed' | 'failed';
  readonly steps: readonly TestStep[];
  /** Why the test as a whole could not be made; a failed step has its own. */
  readonly failure: Failure | null;
}

export const idleTest: TestRun = { phase: 'idle', steps: [], failure: null };

/** The steps with one that changed or is new; their order stays. */
export function withStep(steps: readonly TestStep[], step: TestStep): readonly TestStep[] {
  return steps.some((known) => known.step === step.step)
    ? steps.map((known) => (known.step === step.step ? step : known))
    : [...steps, step];
}

/** A test that came to its end: passed only where no step failed and one passed. */
export function endedTest(steps: readonly TestStep[]): TestRun {
  const passed =
    steps.some(({ state }) => state === 'passed') &&
    steps.every(({ state }) => state === 'passed' || state === 'skipped');
  return { phase: passed ? 'passed' : 'failed', steps, failure: null };
}
