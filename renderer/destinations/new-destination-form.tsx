import { PlugZap } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../design/button.tsx';
import { FailureNote } from '../design/note.tsx';
import { ErrorState, Skeleton } from '../design/surface.tsx';
import { DestinationForm } from './destination-form.tsx';
import { TestSteps } from './test-steps.tsx';
import type { NewDestination } from './use-new-destination.ts';

/** The form for a new destination with "Test this connection" below it; the caller has the button that adds it. */
export function NewDestinationForm({
  destination,
}: {
  readonly destination: NewDestination;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const { cards, cardsError, entry, problems, test, busy, failure } = destination;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (Object.keys(problems).length === 0) return;
    form.current
      ?.querySelector<HTMLElement>(
        '[aria-invalid="true"], [data-problem] input, [data-problem] button',
      )
      ?.focus();
  }, [problems]);
  if (cards === undefined) {
    return cardsError === null ? (
      <Skeleton height="18rem" />
    ) : (
      <ErrorState error={cardsError} onRetry={destination.retryCards} />
    );
  }
  return (
    <div ref={form} className="destination-new">
      <DestinationForm
        cards={cards}
        entry={entry}
        problems={problems}
        disabled={busy}
        onChange={destination.change}
      />
      <div>
        <Button
          icon={PlugZap}
          isPending={test.phase === 'running'}
          isDisabled={entry.card === null}
          onPress={() => {
            void destination.tryOut();
          }}
        >
          {t(test.phase === 'idle' || test.phase === 'running' ? 'test' : 'testAgain')}
        </Button>
      </div>
      <TestSteps test={test} />
      {failure === null ? null : <FailureNote error={failure} alert />}
    </div>
  );
}
