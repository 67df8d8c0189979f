import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard, DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useAppCall, useAppQuery } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { FailureNote } from '../design/note.tsx';
import { TextField } from '../design/text-field.tsx';
import { placeText } from '../destinations/place-text.ts';
import { CardField } from '../destinations/card-field.tsx';
import { signInField } from '../destinations/card-groups.ts';
import { KeychainNote } from '../destinations/keychain-note.tsx';
import { OwnClient } from '../destinations/own-client.tsx';
import { SignInFailure } from '../destinations/sign-in-failure.tsx';
import { SignInField } from '../destinations/sign-in-field.tsx';
import { useSignIns, useSignInsOfForm } from '../destinations/sign-ins.tsx';
import { useLanguage } from '../text/use-formats.ts';

/** A new name, new keys or a new sign-in; the place it leads to stays. */
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
  const [signIn, setSignIn] = useState('');
  const [ownClient, setOwnClient] = useState(false);
  const language = useLanguage();
  const signIns = useSignIns();
  useSignInsOfForm();
  const update = useAppCall('destinations.update');
  const { data: cards } = useAppQuery('destinations.cards', {});
  const card = cards?.find((each) => each.id === cardId);
  const account = card === undefined ? undefined : signInField(card);
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
        signIn: signIns.status(signIn)?.state === 'done' ? signIn : null,
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
        {card === undefined || account === undefined ? null : (
          <>
            <KeychainNote />
            <SignInField
              label={account.label[language]}
              help={t('signInKept')}
              name={card.title[language]}
              purpose={{ card: card.id, secrets, destination: id }}
              value={signIn}
              disabled={update.isPending}
              onChange={setSignIn}
              onNoClient={() => {
                setOwnClient(true);
              }}
            />
            <OwnClient
              card={keptClient(card)}
              values={secrets}
              problems={{}}
              open={ownClient}
              disabled={update.isPending}
              onOpenChange={setOwnClient}
              onChange={(field, value) => {
                setSecrets({ ...secrets, [field]: value });
              }}
            />
          </>
        )}
        {card === undefined || account !== undefined || fields.length === 0 ? null : (
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
        {update.error === null ? null : account === undefined ? (
          <FailureNote error={update.error} alert />
        ) : (
          <SignInFailure error={update.error} name={card?.title[language] ?? name} />
        )}
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

/** What it has is kept: nothing has to be filled in. */
function keptClient(card: DestinationCard): DestinationCard {
  return { ...card, fields: card.fields.map((field) => ({ ...field, required: false })) };
}
