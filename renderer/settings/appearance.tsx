import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { ChoiceCards } from '../design/choice-cards.tsx';
import { Select } from '../design/select.tsx';
import { useSetting } from './use-setting.ts';

/** How the window looks and speaks. */
export function Appearance(): ReactElement {
  const { t } = useTranslation('settings');
  const { settings, change } = useSetting();
  return (
    <div className="settings-fields">
      <ChoiceCards
        label={t('theme')}
        compact
        value={settings.theme}
        choices={[
          { value: 'system', title: t('themeSystem'), icon: Monitor },
          { value: 'light', title: t('themeLight'), icon: Sun },
          { value: 'dark', title: t('themeDark'), icon: Moon },
        ]}
        onChange={(theme) => {
          change({ theme });
        }}
      />
      <Select
        label={t('language')}
        value={settings.language}
        options={[
          { value: 'system', label: t('languageSystem') },
          { value: 'ko', label: t('languageKo') },
          { value: 'en', label: t('languageEn') },
        ]}
        onChange={(language) => {
          change({ language });
        }}
      />
    </div>
  );
}
