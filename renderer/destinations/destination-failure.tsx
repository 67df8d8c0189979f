import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { FailureDetail, FailureNote, Note } from '../design/note.tsx';

/** Why a destination is not well; nothing while it is. */
export function DestinationFailure({
  destination: { name, health, failure },
  signsIn,
  actions,
}: {
  readonly destination: Pick<DestinationStatus, 'name' | 'health' | 'failure'>;
  /** Whether a person signs in to it with the browser. */
  readonly signsIn: boolean;
  readonly actions?: ReactNode;
}): ReactElement | null {
  const { t } = useTranslation('destinations');
  if (failure === null) return null;
  if (health === 'signIn' && signsIn) {
    return (
      <Note tone="danger" title={t('signInNeeded', { name })} actions={actions}>
        <p>{t('signInNeededHint')}</p>
        <FailureDetail error={failure} />
      </Note>
    );
  }
  const passing = health === 'offline' || health === 'ok';
  return <FailureNote error={failure} tone={passing ? 'warning' : 'danger'} actions={actions} />;
}
