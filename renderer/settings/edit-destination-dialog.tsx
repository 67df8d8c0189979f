import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useAppCall, useAppQuery } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { FailureNote } from '../design/note.tsx';
import { TextField } from '../design/text-field.tsx';
import { placeText } from '../destinations/place-text.ts';
import { CardField, KeychainNote } from '../destinations/destination-form.tsx';

/** A new name or new keys; the place it leads to stays. */
export function EditDestinationDialog({
  destination: { id, name, url, card: cardId },
  onClose,
}: {
  readonly destination: DestinationStatus;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const [newName, setNewName] = useState(name);
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [unnamed, setUnnamed] = useState(false);
  const update = useAppCall('destinations.update');
  const { data: cards } = useAppQuery('destinations.cards', {});
  const card = cards?.find((each) => each.id === cardId);
  const fields = card?.fields.filter(({ type }) => type === 'secret') ?? [];
  const save = (): void => {
    if (newName.trim() === '') {
      setUnnamed(true);
      return;
    }
    const filled = Object.entries(secrets).filter(([, value]) => value.trim() !== '');
    update.mutate(
      {
        id,
        name: newName.trim(),
        secrets: Object.fromEntries(filled.map(([key, value]) => [key, value.trim()])),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog title={t('editNamed', { name })} open onClose={onClose}>
      <form
        className="settings-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!update.isPending) save();
        }}
      >
        <p className="settings-soft">{placeText(url)}</p>
        <TextField
          label={t('name')}
          value={newName}
          maxLength={100}
          autoComplete="off"
          validationBehavior="aria"
          error={unnamed ? t('nameMissing') : undefined}
          onChange={(text) => {
            setNewName(text);
            setUnnamed(false);
          }}
        />
        {card === undefined || fields.length === 0 ? null : (
          <>
            <p className="settings-soft">{t('newKeys')}</p>
            <KeychainNote />
            {fields.map((field) => (
              <CardField
                key={field.name}
                card={card}
                field={{ ...field, required: false }}
                value={secrets[field.name] ?? ''}
                problem={undefined}
                disabled={update.isPending}
                onChange={(value) => {
                  setSecrets({ ...secrets, [field.name]: value });
                }}
              />
            ))}
          </>
        )}
        {update.error === null ? null : <FailureNote error={update.error} alert />}
        <div className="dialog-actions">
          <Button onPress={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" isPending={update.isPending}>
            {t('common:save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
