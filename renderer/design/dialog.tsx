import type { ReactElement, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import './dialog.css';

/** A modal dialog; Escape and a click beside it close it, unless something is running in it (`locked`). */
export function Dialog({
  title,
  open,
  onClose,
  actions,
  children,
  size = 'medium',
  locked = false,
  role = 'dialog',
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  readonly size?: 'medium' | 'wide';
  readonly locked?: boolean;
  /** `alertdialog` where something is lost by saying yes. */
  readonly role?: 'dialog' | 'alertdialog';
}): ReactElement {
  return (
    <ModalOverlay
      className="dialog-overlay"
      isOpen={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      isDismissable={!locked && role === 'dialog'}
      isKeyboardDismissDisabled={locked}
    >
      <Modal className="dialog-modal" data-size={size}>
        <AriaDialog className="dialog" role={role}>
          <Heading slot="title" className="dialog-title">
            {title}
          </Heading>
          {children}
          {actions === undefined ? null : <div className="dialog-actions">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
