import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppCall } from '../app/engine.tsx';
import { ConfirmDialog } from '../design/confirm-dialog.tsx';
import { useToast } from '../design/toast.tsx';

interface About {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks before everything known of a destination is read from it again. */
export function RebuildDialog({ id, name, onClose }: About): ReactElement {
  const { t } = useTranslation('settings');
  const toast = useToast();
  const rebuild = useAppCall('destinations.rebuild');
  const onSuccess = (): void => {
    toast({ text: t('rebuilding', { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('rebuildTitle', { name })}
      confirm={t('rebuildNow')}
      call={rebuild}
      onConfirm={() => {
        rebuild.mutate({ id }, { onSuccess });
      }}
      onClose={onClose}
    >
      <p>{t('rebuildText')}</p>
    </ConfirmDialog>
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
    <ConfirmDialog
      title={t('removeDestinationTitle', { name })}
      confirm={t('common:remove')}
      variant="danger"
      role="alertdialog"
      call={remove}
      onConfirm={() => {
        // The dialog shows a failure.
        perform().catch(() => undefined);
      }}
      onClose={onClose}
    >
      <p>{t('removeDestinationText')}</p>
    </ConfirmDialog>
  );
}
