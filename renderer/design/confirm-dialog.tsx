import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FailureNote } from './note.tsx';

/** A dialog with one thing to do, or to leave. While it runs the button says so; a failure is shown and it stays open. */
export function ConfirmDialog({
  title,
  confirm,
  variant = 'primary',
  role = 'dialog',
  call,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button says. */
  readonly confirm: string;
  readonly variant?: 'primary' | 'danger';
  /** `alertdialog` where something is lost by saying yes. */
  readonly role?: 'dialog' | 'alertdialog';
  /** How it stands with what was confirmed. */
  readonly call: { readonly isPending: boolean; readonly error: Error | null };
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { t } = useTranslation('common');
  return (
    <Dialog
      title={title}
      open
      role={role}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button variant={variant} isPending={call.isPending} onPress={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      {call.error === null ? null : <FailureNote error={call.error} alert />}
    </Dialog>
  );
}
