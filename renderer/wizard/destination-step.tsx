import { CircleCheck, Plus } from 'lucide-react';
import type { Dispatch, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useStatus } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Note } from '../design/note.tsx';
import { DestinationIcon } from '../destinations/icons.tsx';
import { NewDestinationForm } from '../destinations/new-destination-form.tsx';
import { placeText } from '../destinations/place-text.ts';
import { useBackups } from '../destinations/use-backups.ts';
import { useNewDestination } from '../destinations/use-new-destination.ts';
import { StepFrame } from './step-frame.tsx';
import type { WizardAction, WizardState } from './wizard-state.ts';

/** Where the photos go. Going on tests the connection and adds the destination. */
export function DestinationStep({
  state,
  dispatch,
  onBack,
  onNext,
}: {
  readonly state: WizardState;
  readonly dispatch: Dispatch<WizardAction>;
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
}): ReactElement {
  const { t } = useTranslation('wizard');
  const { destinations } = useStatus();
  const backups = useBackups();
  const destination = useNewDestination(state.entry, (entry) => {
    dispatch({ do: 'enter', entry });
  });
  const asks = backups.length === 0 || state.another;
  const save = async (): Promise<void> => {
    if (asks) {
      const added = await destination.add();
      if (added === null) return;
      dispatch({ do: 'another', wanted: false });
      // A place that only shows photos leaves the question where they are kept.
      if (added.role === 'publish' && backups.length === 0) return;
    }
    onNext();
  };
  return (
    <StepFrame
      title={t('destinationTitle')}
      text={t('destinationText')}
      busy={destination.busy}
      onBack={onBack}
      onNext={() => {
        void save();
      }}
    >
      {destinations.length === 0 ? null : (
        <ul className="wizard-folders">
          {destinations.map(({ id, name, url, icon }) => (
            <li key={id} className="wizard-folder" data-ticked>
              <span className="wizard-folder-row">
                <DestinationIcon name={icon} />
                <span className="wizard-folder-words">
                  <span className="wizard-folder-name">{name}</span>
                  <span className="wizard-path">{placeText(url)}</span>
                </span>
                <CircleCheck role="img" aria-label={t('added')} className="wizard-check" />
              </span>
            </li>
          ))}
        </ul>
      )}
      {destinations.length > 0 && backups.length === 0 ? (
        <Note tone="warning" title={t('needsBackup')} />
      ) : null}
      {asks ? (
        <NewDestinationForm destination={destination} />
      ) : (
        <div>
          <Button
            icon={Plus}
            onPress={() => {
              dispatch({ do: 'another', wanted: true });
            }}
          >
            {t('addAnother')}
          </Button>
        </div>
      )}
      {state.another ? (
        <div>
          <Button
            variant="quiet"
            size="small"
            onPress={() => {
              dispatch({ do: 'another', wanted: false });
            }}
          >
            {t('noOther')}
          </Button>
        </div>
      ) : null}
    </StepFrame>
  );
}
