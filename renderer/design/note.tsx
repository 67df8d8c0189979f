import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useFailureText } from '../text/use-failure-text.ts';

import './note.css';

/** A sentence beside what it is about; `danger` where something did not work. */
export function Note({
  tone = 'neutral',
  alert = false,
  title,
  children,
  actions,
}: {
  readonly tone?: 'neutral' | 'warning' | 'danger';
  /** Read out at once when it appears. */
  readonly alert?: boolean;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactElement {
  const Icon = tone === 'danger' ? CircleAlert : TriangleAlert;
  return (
    <div className="note" data-tone={tone} {...(alert ? { role: 'alert' } : {})}>
      {tone === 'neutral' ? null : <Icon aria-hidden className="note-icon" />}
      <div className="note-words">
        {title === undefined ? null : <p className="note-title">{title}</p>}
        {children}
        {actions === undefined ? null : <div className="note-actions">{actions}</div>}
      </div>
    </div>
  );
}

/** A failure in a few lines: what happened, what to do, and the engine's own sentence to open. */
export function FailureNote({
  error,
  alert = false,
  tone = 'danger',
  actions,
}: {
  /** A failure or anything thrown. */
  readonly error: unknown;
  readonly alert?: boolean;
  readonly tone?: 'warning' | 'danger';
  readonly actions?: ReactNode;
}): ReactElement {
  const failure = useFailureText()(error);
  return (
    <Note tone={tone} alert={alert} title={failure.what} actions={actions}>
      <p>{failure.hint}</p>
      <FailureDetail error={error} />
    </Note>
  );
}

/** The engine's own sentence, behind a word that opens it. */
export function FailureDetail({ error }: { readonly error: unknown }): ReactElement {
  const { t } = useTranslation('failures');
  const failure = useFailureText()(error);
  return (
    <details className="note-details">
      <summary>{t('details')}</summary>
      <p lang="en">{failure.detail}</p>
    </details>
  );
}
