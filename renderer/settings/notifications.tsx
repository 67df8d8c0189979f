import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Switch } from '../design/switch.tsx';
import { useSetting } from './use-setting.ts';

/** What is worth a notification. */
export function Notifications(): ReactElement {
  const { t } = useTranslation('settings');
  const { settings, change } = useSetting();
  return (
    <div className="settings-fields">
      <Switch
        label={t('notifyProblems')}
        help={t('notifyProblemsHelp')}
        selected={settings.notifyProblems}
        onChange={(notifyProblems) => {
          change({ notifyProblems });
        }}
      />
      <Switch
        label={t('notifyFinished')}
        help={t('notifyFinishedHelp')}
        selected={settings.notifyFinished}
        onChange={(notifyFinished) => {
          change({ notifyFinished });
        }}
      />
    </div>
  );
}
