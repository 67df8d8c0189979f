import { useEffect, useRef, useState } from 'react';

import type { DestinationDraft, TestStep } from '../../shared/contract/app/destinations.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { useAppEvent, useSession } from '../app/engine.tsx';
import { endedTest, idleTest, withStep, type TestRun } from './test-run.ts';

/** What is tested: something filled in, or a destination that exists. */
export type TestSubject = { readonly draft: DestinationDraft } | { readonly id: string };

/** "Test this connection", with its steps as they come. Leaving the view stops it. */
export function useDestinationTest(): {
  readonly test: TestRun;
  /** Resolves to how it ended; a run that another one replaced resolves to null. */
  readonly run: (subject: TestSubject) => Promise<TestRun | null>;
  readonly reset: () => void;
} {
  const session = useSession();
  const [test, setTest] = useState<TestRun>(idleTest);
  const running = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [],
  );
  useAppEvent('testStep', (step) => {
    if (running.current === null) return;
    setTest((now) =>
      now.phase === 'running' ? { ...now, steps: withStep(now.steps, step) } : now,
    );
  });
  const run = async (subject: TestSubject): Promise<TestRun | null> => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setTest({ phase: 'running', steps: [], failure: null });
    const ended = await attempt(subject, stop.signal);
    if (running.current !== stop) return null;
    running.current = null;
    setTest((now) => (ended.failure === null ? ended : { ...ended, steps: now.steps }));
    return ended;
  };
  const attempt = async (subject: TestSubject, signal: AbortSignal): Promise<TestRun> => {
    try {
      return endedTest(await ask(subject, signal));
    } catch (error) {
      return { phase: 'failed', steps: [], failure: failureOf(error) };
    }
  };
  const ask = (subject: TestSubject, signal: AbortSignal): Promise<TestStep[]> =>
    'draft' in subject
      ? session.call('destinations.test', { draft: subject.draft }, signal)
      : session.call('destinations.check', { id: subject.id }, signal);
  const reset = (): void => {
    running.current?.abort();
    running.current = null;
    setTest(idleTest);
  };
  return { test, run, reset };
}
