import { useTranslation } from 'react-i18next';

import type { Settings, SettingsPatch } from '../../shared/contract/app/settings.ts';
import { useSettings, useUpdateSettings } from '../app/engine.tsx';
import { useToast } from '../design/toast.tsx';
import { useFailureText } from '../text/use-failure-text.ts';

/** The settings and a way to change them at once; with a sentence, the change can be undone. */
export function useSetting(): {
  readonly settings: Settings;
  readonly change: (patch: SettingsPatch, told?: string) => void;
} {
  const { t } = useTranslation('common');
  const settings = useSettings();
  const update = useUpdateSettings();
  const toast = useToast();
  const failureText = useFailureText();
  const onError = (error: Error): void => {
    const { what, hint } = failureText(error);
    toast({ text: `${what} ${hint}` });
  };
  const change = (patch: SettingsPatch, told?: string): void => {
    const before = settings;
    update.mutate(patch, {
      onError,
      onSuccess: () => {
        if (told === undefined) return;
        toast({
          text: told,
          action: {
            label: t('undo'),
            onPress: () => {
              update.mutate(sameKeys(patch, before), { onError });
            },
          },
        });
      },
    });
  };
  return { settings, change };
}

/** The values that the patch changes, as they are in the settings. */
function sameKeys(patch: SettingsPatch, settings: Settings): SettingsPatch {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => Object.hasOwn(patch, name)),
  );
}
