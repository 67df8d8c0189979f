import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ListChecks, Percent, ScanSearch } from 'lucide-react';

import { useAppCall } from '../app/engine.tsx';
import { ChoiceCards } from '../design/choice-cards.tsx';
import { ConfirmDialog } from '../design/confirm-dialog.tsx';

const CHOICES = [
  { value: '0', text: 'verifyList', icon: ListChecks },
  { value: '10', text: 'verifySome', icon: Percent },
  { value: '100', text: 'verifyAll', icon: ScanSearch },
] as const;

/** How thoroughly a destination is compared with what is known of it. */
export function VerifyDialog({
  id,
  name,
  onClose,
}: {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const [percent, setPercent] = useState<(typeof CHOICES)[number]['value']>('10');
  const verify = useAppCall('destinations.verify');
  return (
    <ConfirmDialog
      title={t('verifyNamed', { name })}
      confirm={t('verify')}
      call={verify}
      onConfirm={() => {
        verify.mutate({ id, readPercent: Number(percent) }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      <ChoiceCards
        label={t('verifyHow')}
        help={t('verifyHelp')}
        value={percent}
        onChange={setPercent}
        choices={CHOICES.map(({ value, text, icon }) => ({
          value,
          title: t(text),
          text: t(`${text}Help`),
          icon,
        }))}
      />
    </ConfirmDialog>
  );
}
