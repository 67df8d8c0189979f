import { useEffect, useEffectEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { TestSteps } from './test-steps.tsx';
import { useDestinationTest } from './use-destination-test.ts';

/** Tests a destination that exists, at once. Closing stops the test. */
export function TestDialog({
  id,
  name,
  onClose,
}: {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['destinations', 'common']);
  const { test, run } = useDestinationTest();
  const start = useEffectEvent(() => {
    void run({ id });
  });
  useEffect(() => {
    // Not in the same turn: a view that is shown and taken away at once starts nothing.
    const timer = window.setTimeout(() => {
      start();
    }, 0);
    return () => {
      window.clearTimeout(timer);
    };
  }, []);
  return (
    <Dialog
      title={t('testNamed', { name })}
      open
      onClose={onClose}
      actions={
        <>
          {test.phase === 'failed' ? (
            <Button
              onPress={() => {
                void run({ id });
              }}
            >
              {t('testAgain')}
            </Button>
          ) : null}
          <Button variant="primary" onPress={onClose}>
            {t(test.phase === 'running' ? 'common:cancel' : 'common:close')}
          </Button>
        </>
      }
    >
      <TestSteps test={test} />
    </Dialog>
  );
}
