import { FolderHeart, HardDriveUpload, ShieldCheck } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Logo } from '../design/logo.tsx';
import { StepFrame } from './step-frame.tsx';

const POINTS = [
  { text: 'pointFolders', icon: FolderHeart },
  { text: 'pointDestination', icon: HardDriveUpload },
  { text: 'pointProof', icon: ShieldCheck },
] as const;

export function WelcomeStep({ onNext }: { readonly onNext: () => void }): ReactElement {
  const { t } = useTranslation('wizard');
  return (
    <div className="wizard-welcome">
      <div className="wizard-sign">
        <Logo />
      </div>
      <StepFrame
        title={t('welcomeTitle')}
        text={t('welcomeText')}
        nextLabel={t('start')}
        onBack={null}
        onNext={onNext}
      >
        <ul className="wizard-points">
          {POINTS.map(({ text, icon: Icon }) => (
            <li key={text}>
              <Icon aria-hidden strokeWidth={1.75} />
              <span>{t(text)}</span>
            </li>
          ))}
        </ul>
      </StepFrame>
    </div>
  );
}
