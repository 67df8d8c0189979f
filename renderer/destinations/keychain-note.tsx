import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useSnapshot } from '../app/engine.tsx';
import { Note } from '../design/note.tsx';

/** Says so where this computer cannot keep secrets. */
export function KeychainNote(): ReactElement | null {
  const { t } = useTranslation('destinations');
  const { keychain } = useSnapshot();
  if (keychain.available) return null;
  return (
    <Note tone="warning" title={t('noKeychain')}>
      <p>{t('noKeychainHint')}</p>
      {keychain.hint === null ? null : (
        <p className="destination-detail" lang="en">
          {keychain.hint}
        </p>
      )}
    </Note>
  );
}
