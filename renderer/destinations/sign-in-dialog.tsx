import { useEffect, useEffectEvent, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard, DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useAppCall } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useToast } from '../design/toast.tsx';
import { useLanguage } from '../text/use-formats.ts';
import { signInField } from './card-groups.ts';
import { KeychainNote } from './keychain-note.tsx';
import { accountOf } from './place-text.ts';
import { SignInFailure } from './sign-in-failure.tsx';
import { SignInField } from './sign-in-field.tsx';
import { useSignIns, useSignInsOfForm } from './sign-ins.tsx';

/** Signs in to a destination again; as soon as that is done, the destination has it and the dialog closes. */
export function SignInDialog({
  destination: { id, name, url },
  card,
  onClose,
}: {
  readonly destination: Pick<DestinationStatus, 'id' | 'name' | 'url'>;
  readonly card: DestinationCard;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['destinations', 'common']);
  const language = useLanguage();
  const toast = useToast();
  const update = useAppCall('destinations.update');
  const [signIn, setSignIn] = useState('');
  useSignInsOfForm();
  const done = useSignIns().status(signIn)?.state === 'done';
  const finish = useEffectEvent(() => {
    update.mutate(
      { id, name, secrets: {}, signIn },
      {
        onSuccess: () => {
          toast({ text: t('signedInAgain', { name }) });
          onClose();
        },
      },
    );
  });
  useEffect(() => {
    if (done) finish();
  }, [done]);
  const account = accountOf(url);
  const title = card.title[language];
  return (
    <Dialog
      title={t('signInAgainNamed', { name })}
      open
      onClose={onClose}
      role="alertdialog"
      actions={<Button onPress={onClose}>{t('common:close')}</Button>}
    >
      <p>{account === null ? t('signInAgainText') : t('signInAgainAs', { account })}</p>
      <KeychainNote />
      <SignInField
        label={signInField(card)?.label[language] ?? title}
        name={title}
        purpose={{ card: card.id, secrets: {}, destination: id }}
        value={signIn}
        disabled={update.isPending}
        atOnce
        onChange={(value) => {
          update.reset();
          setSignIn(value);
        }}
      />
      {update.error === null ? null : <SignInFailure error={update.error} name={title} />}
    </Dialog>
  );
}
