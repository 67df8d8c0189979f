import { ChevronRight, CircleAlert, type LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Breadcrumb, Breadcrumbs as AriaBreadcrumbs, Link } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

import { useFailureText } from '../text/use-failure-text.ts';
import { Button } from './button.tsx';

import './surface.css';

export type Tone = 'neutral' | 'safe' | 'warning' | 'danger';

/** A word or figure about something; never by colour alone. */
export function Badge({
  tone = 'neutral',
  icon: Icon,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <span className="badge" data-tone={tone}>
      {Icon === undefined ? null : <Icon aria-hidden />}
      {children}
    </span>
  );
}

/** A view with nothing in it: says why, and what to do. */
export function EmptyState({
  icon: Icon,
  title,
  text,
  actions,
  heading: Heading = 'h2',
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  /** `h1` where it is all there is of the view. */
  readonly heading?: 'h1' | 'h2';
  readonly text?: string | undefined;
  readonly actions?: ReactNode;
}): ReactElement {
  return (
    <div className="notice">
      <div className="notice-icon">
        <Icon aria-hidden strokeWidth={1.5} />
      </div>
      <Heading>{title}</Heading>
      {text === undefined ? null : <p className="notice-text">{text}</p>}
      {actions === undefined ? null : <div className="notice-actions">{actions}</div>}
    </div>
  );
}

/** A view that could not get what it shows: what happened, what to do, and a way to try again. */
export function ErrorState({
  error,
  onRetry,
}: {
  /** A failure or anything thrown. */
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}): ReactElement {
  const { t } = useTranslation(['common', 'failures']);
  const failure = useFailureText()(error);
  return (
    <div className="notice" data-tone="danger" role="alert">
      <div className="notice-icon">
        <CircleAlert aria-hidden strokeWidth={1.5} />
      </div>
      <h2>{failure.what}</h2>
      <p className="notice-text">{failure.hint}</p>
      {onRetry === undefined ? null : (
        <div className="notice-actions">
          <Button variant="primary" onPress={onRetry}>
            {t('retry')}
          </Button>
        </div>
      )}
      <details>
        <summary>{t('failures:details')}</summary>
        <p lang="en">{failure.detail}</p>
      </details>
    </div>
  );
}

/** Room for something that is on its way. */
export function Skeleton({
  width = '100%',
  height = '1em',
}: {
  readonly width?: string;
  readonly height?: string;
}): ReactElement {
  return <span className="skeleton" aria-hidden style={{ width, height }} />;
}

export interface Crumb {
  readonly title: string;
  /** Absent for the last one, where we are. */
  readonly to?: string;
}

export function Breadcrumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }): ReactElement {
  return (
    <AriaBreadcrumbs className="breadcrumbs">
      {crumbs.map(({ title, to }) => (
        <Breadcrumb key={to ?? title} className="breadcrumb">
          <Link {...(to === undefined ? {} : { href: to })}>{title}</Link>
          {to === undefined ? null : <ChevronRight aria-hidden />}
        </Breadcrumb>
      ))}
    </AriaBreadcrumbs>
  );
}

/** A view with a heading that scrolls as a whole. */
export function Page({
  title,
  actions,
  above,
  width = 'reading',
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  /** What stands over the title, e.g. breadcrumbs. */
  readonly above?: ReactNode;
  readonly width?: 'reading' | 'full';
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className="page" data-width={width}>
      {above}
      <header className="page-header">
        <h1 className="page-title">{title}</h1>
        {actions}
      </header>
      {children}
    </div>
  );
}
