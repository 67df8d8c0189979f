import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../design/button.tsx';

/** A step: its heading takes the focus, Enter goes on, and the buttons stay in sight. */
export function StepFrame({
  title,
  text,
  nextLabel,
  busy = false,
  onBack,
  onNext,
  children,
}: {
  readonly title: string;
  readonly text?: string;
  readonly nextLabel?: string;
  /** Something is being done: going on has to wait. */
  readonly busy?: boolean;
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { t } = useTranslation('common');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <form
      className="wizard-step"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onNext();
      }}
    >
      <div className="wizard-content">
        <header className="wizard-heading">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {text === undefined ? null : <p>{text}</p>}
        </header>
        {children}
      </div>
      <footer className="wizard-footer">
        {onBack === null ? <span /> : <Button onPress={onBack}>{t('back')}</Button>}
        <Button type="submit" variant="primary" isPending={busy}>
          {nextLabel ?? t('next')}
        </Button>
      </footer>
    </form>
  );
}
