import {
  CloudUpload,
  Copy,
  FolderOpen,
  Images,
  RefreshCw,
  Search,
  Settings,
  ImageUp,
  type LucideIcon,
} from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';

import { ButtonLink } from '../design/button.tsx';
import { Logo } from '../design/logo.tsx';
import { useConnected } from './engine.tsx';
import { StatusLine } from './status-line.tsx';

import './shell.css';

interface Place {
  readonly to: string;
  readonly text: 'photos' | 'albums' | 'duplicates' | 'search' | 'backup' | 'settings';
  readonly icon: LucideIcon;
}

const PLACES: readonly Place[] = [
  { to: '/', text: 'photos', icon: Images },
  { to: '/search', text: 'search', icon: Search },
  { to: '/albums', text: 'albums', icon: FolderOpen },
  { to: '/duplicates', text: 'duplicates', icon: Copy },
  { to: '/sync', text: 'backup', icon: CloudUpload },
  { to: '/settings', text: 'settings', icon: Settings },
];

/** Navigation, the state of the backup, and the view: everything but the wizard and the upload window. */
export function Shell({ children }: { readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation('common');
  const [location] = useLocation();
  return (
    <div className="shell">
      <button
        type="button"
        className="shell-skip"
        onClick={() => {
          document.getElementById('content')?.focus();
        }}
      >
        {t('skipToContent')}
      </button>
      <nav className="shell-nav" aria-label={t('mainNavigation')}>
        <p className="shell-brand">
          <Logo />
          {t('productName')}
        </p>
        <ul className="shell-links">
          {PLACES.map(({ to, text, icon: Icon }) => (
            <li key={to}>
              <Link
                href={to}
                className="shell-link"
                {...(isIn(location, to) ? { 'aria-current': 'page' } : {})}
              >
                <Icon aria-hidden strokeWidth={1.75} />
                {t(text)}
              </Link>
            </li>
          ))}
        </ul>
        <div className="shell-foot">
          <div className="shell-upload">
            <ButtonLink href="/upload" icon={ImageUp}>
              {t('upload')}
            </ButtonLink>
          </div>
          <AwayNote />
          <StatusLine />
        </div>
      </nav>
      <main id="content" className="shell-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Says calmly that the engine is being waited for; what is on the screen stays. */
export function AwayNote(): ReactElement {
  const { t } = useTranslation('common');
  const connected = useConnected();
  return (
    <div role="status">
      {connected ? null : (
        <p className="away-note">
          <RefreshCw aria-hidden />
          {t('engineAway')}
        </p>
      )}
    </div>
  );
}

function isIn(location: string, place: string): boolean {
  return place === '/' ? location === '/' : location === place || location.startsWith(`${place}/`);
}
