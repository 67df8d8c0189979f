import { useReducer, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';

import { useSettings, useStatus, useUpdateSettings } from '../app/engine.tsx';
import { AwayNote } from '../app/shell.tsx';
import { Button } from '../design/button.tsx';
import { Logo } from '../design/logo.tsx';
import { useToast } from '../design/toast.tsx';
import { useBackups } from '../destinations/use-backups.ts';
import { useSignInsOfForm } from '../destinations/sign-ins.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { DestinationStep } from './destination-step.tsx';
import { FirstBackupStep } from './first-backup-step.tsx';
import { FoldersStep } from './folders-step.tsx';
import { OptionsStep } from './options-step.tsx';
import { WelcomeStep } from './welcome-step.tsx';
import {
  firstStep,
  startWizard,
  stepBefore,
  wizardReducer,
  wizardSteps,
  type WizardStep,
} from './wizard-state.ts';

import './wizard.css';

/** From nothing to a first backup. Where it was left is kept in the settings. */
export default function WizardView(): ReactElement {
  const { t } = useTranslation(['wizard', 'common']);
  const { setup } = useSettings();
  const { folders } = useStatus();
  const backups = useBackups();
  const [state, dispatch] = useReducer(wizardReducer, null, () =>
    startWizard(firstStep(setup, { folders: folders.length, destinations: backups.length })),
  );
  const update = useUpdateSettings();
  const leave = useLeave();
  useSignInsOfForm();
  const go = (to: WizardStep): void => {
    dispatch({ do: 'go', to });
    // Going back never takes back that the wizard was through once.
    if (setup !== 'done') update.mutate({ setup: to === 'first' ? 'done' : to });
  };
  const before = stepBefore(state.step);
  const back =
    before === null
      ? null
      : () => {
          go(before);
        };
  return (
    <main className="wizard">
      <header className="wizard-header">
        <p className="wizard-brand">
          <Logo />
          <span>{t('common:productName')}</span>
        </p>
        <Stepper step={state.step} />
        {state.step === 'first' ? (
          <span />
        ) : (
          <Button variant="quiet" size="small" onPress={leave}>
            {t('later')}
          </Button>
        )}
      </header>
      <AwayNote />
      {state.step === 'welcome' ? (
        <WelcomeStep
          onNext={() => {
            go('folders');
          }}
        />
      ) : null}
      {state.step === 'folders' ? (
        <FoldersStep
          state={state}
          dispatch={dispatch}
          onBack={back}
          onNext={() => {
            go('destination');
          }}
        />
      ) : null}
      {state.step === 'destination' ? (
        <DestinationStep
          state={state}
          dispatch={dispatch}
          onBack={back}
          onNext={() => {
            go('options');
          }}
        />
      ) : null}
      {state.step === 'options' ? (
        <OptionsStep
          onBack={back}
          onNext={() => {
            go('first');
          }}
        />
      ) : null}
      {state.step === 'first' ? <FirstBackupStep onDone={leave} /> : null}
    </main>
  );
}

/** Ends the wizard, also before its end, and goes to the photos. */
function useLeave(): () => void {
  const [, navigate] = useLocation();
  const update = useUpdateSettings();
  const toast = useToast();
  const failureText = useFailureText();
  return () => {
    update.mutate(
      { setup: 'done' },
      {
        onSuccess: () => {
          navigate('/');
        },
        onError: (error) => {
          const { what, hint } = failureText(error);
          toast({ text: `${what} ${hint}` });
        },
      },
    );
  };
}

const SHOWN_STEPS = wizardSteps.filter((step) => step !== 'welcome');

function Stepper({ step }: { readonly step: WizardStep }): ReactElement {
  const { t } = useTranslation('wizard');
  const at = wizardSteps.indexOf(step);
  return (
    <ol className="wizard-steps" aria-label={t('steps')}>
      {SHOWN_STEPS.map((each, index) => (
        <li
          key={each}
          data-done={index + 1 < at ? true : undefined}
          aria-current={each === step ? 'step' : undefined}
        >
          <span className="wizard-step-name">{t(`step_${each}`)}</span>
        </li>
      ))}
    </ol>
  );
}
