import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppCall } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { FailureNote } from '../design/note.tsx';
import { useToast } from '../design/toast.tsx';

interface About {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks before everything known of a destination is read from it again. */
export function RebuildDialog({ id, name, onClose }: About): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const toast = useToast();
  const rebuild = useAppCall('destinations.rebuild');
  return (
    <Dialog
      title={t('rebuildTitle', { name })}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('common:cancel')}</Button>
          <Button
            variant="primary"
            isPending={rebuild.isPending}
            onPress={() => {
              rebuild.mutate(
                { id },
                {
                  onSuccess: () => {
                    toast({ text: t('rebuilding', { name }) });
                    onClose();
                  },
                },
              );
            }}
          >
            {t('rebuildNow')}
          </Button>
        </>
      }
    >
      <p>{t('rebuildText')}</p>
      {rebuild.error === null ? null : <FailureNote error={rebuild.error} alert />}
    </Dialog>
  );
}

/** Says what removing means: nothing is deleted there. */
export function RemoveDestinationDialog({ id, name, onClose }: About): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const toast = useToast();
  const remove = useAppCall('destinations.remove');
  // The row goes away with its destination, maybe before the answer.
  const perform = async (): Promise<void> => {
    await remove.mutateAsync({ id });
    toast({ text: t('destinationRemoved', { name }) });
    onClose();
  };
  return (
    <Dialog
      title={t('removeDestinationTitle', { name })}
      open
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('common:cancel')}</Button>
          <Button
            variant="danger"
            isPending={remove.isPending}
            onPress={() => {
              // A failure is shown below.
              perform().catch(() => undefined);
            }}
          >
            {t('common:remove')}
          </Button>
        </>
      }
    >
      <p>{t('removeDestinationText')}</p>
      {remove.error === null ? null : <FailureNote error={remove.error} alert />}
    </Dialog>
  );
}
