import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useSettings, useUpdateSettings } from '../app/engine.tsx';
import { FailureNote } from '../design/note.tsx';
import { Switch } from '../design/switch.tsx';
import { StepFrame } from './step-frame.tsx';

const OPTIONS = ['startAtLogin', 'pauseOnBattery', 'meteredNetwork'] as const;

/** A few choices that have good answers already; each counts at once. */
export function OptionsStep({
  onBack,
  onNext,
}: {
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
}): ReactElement {
  const { t } = useTranslation('wizard');
  const settings = useSettings();
  const update = useUpdateSettings();
  return (
    <StepFrame
      title={t('optionsTitle')}
      text={t('optionsText')}
      nextLabel={t('startBackup')}
      onBack={onBack}
      onNext={onNext}
    >
      <div className="wizard-options">
        {OPTIONS.map((option) => (
          <Switch
            key={option}
            label={t(option)}
            help={t(`${option}Help`)}
            selected={settings[option]}
            onChange={(selected) => {
              update.mutate({ [option]: selected });
            }}
          />
        ))}
      </div>
      {update.error === null ? null : <FailureNote error={update.error} alert />}
    </StepFrame>
  );
}
