import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useSnapshot } from '../app/engine.tsx';
import { Logo } from '../design/logo.tsx';
import { LIBRARIES } from './licences.ts';

/** Version and licences. */
export function About(): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const { version } = useSnapshot();
  return (
    <div className="settings-about">
      <Logo />
      <div>
        <p className="settings-row-name">{t('common:productName')}</p>
        <p className="settings-soft numeric">{t('version', { version })}</p>
      </div>
      <p>{t('slogan')}</p>
      <p className="settings-soft">{t('licence')}</p>
      <details className="settings-licences">
        <summary>{t('libraries')}</summary>
        <ul>
          {LIBRARIES.map(({ name, licence }) => (
            <li key={name}>
              <span>{name}</span>
              <span className="settings-soft">{licence}</span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
