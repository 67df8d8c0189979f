import { useEffect, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';

import { Dialog } from '../design/dialog.tsx';

import './shortcuts.css';

const SHORTCUTS = [
  { keys: ['/'], text: 'shortcutSearch' },
  { keys: ['←', '→', '↑', '↓'], text: 'shortcutMove' },
  { keys: ['Enter'], text: 'shortcutOpen' },
  { keys: ['Space'], text: 'shortcutSelect' },
  { keys: ['Shift', '←', '→'], text: 'shortcutExtend' },
  { keys: ['Ctrl/⌘', 'A'], text: 'shortcutSelectDay' },
  { keys: ['Esc'], text: 'shortcutEscape' },
  { keys: ['Home', 'End'], text: 'shortcutEnds' },
  { keys: ['I'], text: 'shortcutInfo' },
  { keys: ['?'], text: 'shortcutHelp' },
] as const;

/** The list of shortcuts, and the two that work everywhere: `/` and `?`. */
export function Shortcuts({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}): ReactElement {
  const { t } = useTranslation('common');
  const [, navigate] = useLocation();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return;
      if (event.key === '?') onOpenChange(true);
      else if (event.key === '/') {
        event.preventDefault();
        navigate('/search');
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [navigate, onOpenChange]);
  return (
    <Dialog
      title={t('shortcuts')}
      open={open}
      onClose={() => {
        onOpenChange(false);
      }}
    >
      <dl className="shortcuts">
        {SHORTCUTS.map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="dialog"]') !== null)
  );
}
