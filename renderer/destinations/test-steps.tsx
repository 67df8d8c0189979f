import { CircleCheck, CircleMinus, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { TestStep } from '../../shared/contract/app/destinations.ts';
import { FailureNote } from '../design/note.tsx';
import type { TestRun } from './test-run.ts';

const ICONS: Readonly<Record<TestStep['state'], LucideIcon>> = {
  running: LoaderCircle,
  passed: CircleCheck,
  failed: CircleX,
  skipped: CircleMinus,
};

const KNOWN = ['reach', 'write', 'list', 'read', 'prove', 'protect', 'remove'] as const;

/** How the test of a connection goes, step by step, read out as it goes. */
export function TestSteps({ test }: { readonly test: TestRun }): ReactElement {
  const { t } = useTranslation('destinations');
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (test.phase !== 'idle') place.current?.scrollIntoView({ block: 'nearest' });
  }, [test]);
  return (
    <div ref={place} className="test-run" data-phase={test.phase}>
      <div role="status">
        {test.phase === 'idle' ? null : (
          <p className="test-verdict">
            {t(
              test.phase === 'running'
                ? 'testRunning'
                : test.phase === 'passed'
                  ? 'testPassed'
                  : 'testFailed',
            )}
          </p>
        )}
      </div>
      {test.steps.length === 0 ? null : (
        <ol className="test-steps">
          {test.steps.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </ol>
      )}
      {test.failure === null ? null : <FailureNote error={test.failure} alert />}
    </div>
  );
}

function Step({ step: { step, state, failure } }: { readonly step: TestStep }): ReactElement {
  const { t } = useTranslation('destinations');
  const Icon = ICONS[state];
  const known = KNOWN.find((name) => name === step);
  return (
    <li className="test-step" data-state={state}>
      <Icon aria-hidden />
      <span>
        {known === undefined ? step : t(`step_${known}`)}
        <span className="visually-hidden"> {t(`state_${state}`)}</span>
      </span>
      {failure === null ? null : <FailureNote error={failure} alert />}
    </li>
  );
}
