import { CirclePause, Play, RefreshCw } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppCall, useConnected, useStatus } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Menu } from '../design/menu.tsx';
import { useToast } from '../design/toast.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { inOneHour, nextMorning } from './pause-times.ts';

/** Pause and resume, and looking for photos now. */
export function PauseControl(): ReactElement {
  const { t } = useTranslation('sync');
  const { pause, activity } = useStatus();
  const connected = useConnected();
  const call = useTold();
  const pauseCall = useAppCall('sync.pause');
  const resume = useAppCall('sync.resume');
  const now = useAppCall('sync.now');
  const pauseUntil = (untilMs: number | null): void => {
    pauseCall.mutate({ untilMs }, call);
  };
  if (activity === 'setup') return <span />;
  return (
    <div className="sync-controls">
      {pause?.reason === 'person' ? (
        <Button
          variant="primary"
          icon={Play}
          isDisabled={!connected}
          onPress={() => {
            resume.mutate({}, call);
          }}
        >
          {t('resume')}
        </Button>
      ) : (
        <Menu
          label={t('pause')}
          entries={[
            {
              id: 'hour',
              label: t('pauseHour'),
              onChoose: () => {
                pauseUntil(inOneHour(new Date()));
              },
            },
            {
              id: 'tomorrow',
              label: t('pauseTomorrow'),
              onChoose: () => {
                pauseUntil(nextMorning(new Date()));
              },
            },
            {
              id: 'resumed',
              label: t('pauseOpen'),
              onChoose: () => {
                pauseUntil(null);
              },
            },
          ]}
        >
          <Button icon={CirclePause} isDisabled={!connected}>
            {t('pause')}
          </Button>
        </Menu>
      )}
      <Button
        icon={RefreshCw}
        isDisabled={!connected || pause !== null}
        isPending={now.isPending}
        onPress={() => {
          now.mutate({}, call);
        }}
      >
        {t('lookNow')}
      </Button>
    </div>
  );
}

/** For calls whose effect is seen in the status: only a failure has to be told. */
export function useTold(): { readonly onError: (error: unknown) => void } {
  const toast = useToast();
  const failureText = useFailureText();
  return {
    onError: (error) => {
      const { what, hint } = failureText(error);
      toast({ text: `${what} ${hint}` });
    },
  };
}
