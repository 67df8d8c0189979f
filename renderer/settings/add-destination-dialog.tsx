import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useToast } from '../design/toast.tsx';
import { emptyEntry, type DestinationEntry } from '../destinations/draft.ts';
import { NewDestinationForm } from '../destinations/new-destination-form.tsx';
import { useSignInsOfForm } from '../destinations/sign-ins.tsx';
import { useNewDestination } from '../destinations/use-new-destination.ts';

/** Another destination, by the same form as in the wizard. */
export function AddDestinationDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const toast = useToast();
  const [entry, setEntry] = useState<DestinationEntry>(emptyEntry);
  const destination = useNewDestination(entry, setEntry);
  useSignInsOfForm();
  const save = async (): Promise<void> => {
    const added = await destination.add();
    if (added === null) return;
    toast({ text: t('destinationAdded', { name: added.name }) });
    onClose();
  };
  return (
    <Dialog title={t('addDestinationTitle')} open size="wide" role="alertdialog" onClose={onClose}>
      <form
        className="settings-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!destination.busy) void save();
        }}
      >
        <NewDestinationForm destination={destination} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" isPending={destination.busy}>
            {t('add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
