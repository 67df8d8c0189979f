import { X } from 'lucide-react';
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import { useTranslation } from 'react-i18next';

import { Button, IconButton } from './button.tsx';

import './toast.css';

export interface ToastMessage {
  readonly text: string;
  /** What can be done about it, e.g. undo; the message then stays longer. */
  readonly action?: { readonly label: string; readonly onPress: () => void };
}

type ShowToast = (message: ToastMessage) => void;

const ToastContext = createContext<ShowToast>(() => undefined);

/** Milliseconds; a message under the pointer or with the focus stays. */
const SHOWN = 5000;
const SHOWN_WITH_ACTION = 10_000;
const AT_ONCE = 3;

/** Says something in passing. Never the only place where something important is said. */
export function useToast(): ShowToast {
  return use(ToastContext);
}

interface ShownToast extends ToastMessage {
  readonly id: number;
}

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation('common');
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const nextId = useRef(1);
  const show = useCallback<ShowToast>((message) => {
    const id = nextId.current++;
    setToasts((shown) => [...shown, { ...message, id }].slice(-AT_ONCE));
  }, []);
  const dismiss = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id));
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="region" aria-label={t('notifications')}>
        <div aria-live="polite" role="status">
          {toasts.map((toast) => (
            <Toast key={toast.id} toast={toast} onDismiss={dismiss} />
          ))}
        </div>
      </div>
    </ToastContext>
  );
}

function Toast({
  toast,
  onDismiss,
}: {
  readonly toast: ShownToast;
  readonly onDismiss: (id: number) => void;
}): ReactElement {
  const { t } = useTranslation('common');
  const { id, text, action } = toast;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = window.setTimeout(
      () => {
        onDismiss(id);
      },
      action === undefined ? SHOWN : SHOWN_WITH_ACTION,
    );
    return () => {
      window.clearTimeout(timer);
    };
  }, [held, id, action, onDismiss]);
  const hold = (): void => {
    setHeld(true);
  };
  const release = (): void => {
    setHeld(false);
  };
  return (
    <div
      className="toast"
      role="presentation"
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <p>{text}</p>
      {action === undefined ? null : (
        <Button
          variant="quiet"
          size="small"
          onPress={() => {
            action.onPress();
            onDismiss(id);
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        icon={X}
        label={t('close')}
        tooltip={false}
        onPress={() => {
          onDismiss(id);
        }}
      />
    </div>
  );
}
