import {
  Bell,
  CloudUpload,
  FolderOpen,
  Gauge,
  Info,
  Palette,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { Link } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';

import { Page } from '../design/surface.tsx';
import { About } from './about.tsx';
import { Advanced } from './advanced.tsx';
import { Appearance } from './appearance.tsx';
import { Destinations } from './destinations.tsx';
import { Folders } from './folders.tsx';
import { NetworkAndPower } from './network.tsx';
import { Notifications } from './notifications.tsx';

import './settings.css';

interface Section {
  readonly id:
    'folders' | 'destinations' | 'network' | 'appearance' | 'notifications' | 'advanced' | 'about';
  readonly icon: LucideIcon;
  readonly content: () => ReactElement;
}

const FOLDERS: Section = { id: 'folders', icon: FolderOpen, content: () => <Folders /> };

const SECTIONS: readonly Section[] = [
  FOLDERS,
  { id: 'destinations', icon: CloudUpload, content: () => <Destinations /> },
  { id: 'network', icon: Gauge, content: () => <NetworkAndPower /> },
  { id: 'appearance', icon: Palette, content: () => <Appearance /> },
  { id: 'notifications', icon: Bell, content: () => <Notifications /> },
  { id: 'advanced', icon: Wrench, content: () => <Advanced /> },
  { id: 'about', icon: Info, content: () => <About /> },
];

/** Everything that can be set, a section at a time; changes count at once. */
export default function SettingsView(): ReactElement {
  const { t } = useTranslation('settings');
  const { section } = useParams<{ section?: string }>();
  const shown = SECTIONS.find(({ id }) => id === section) ?? FOLDERS;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // In a narrow window the sections are a row that scrolls.
    nav.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [shown.id]);
  return (
    <Page title={t('title')}>
      <div className="settings">
        <nav ref={nav} className="settings-nav" aria-label={t('sections')}>
          <ul>
            {SECTIONS.map(({ id, icon: Icon }) => (
              <li key={id}>
                <Link
                  href={`/settings/${id}`}
                  className="settings-link"
                  {...(id === shown.id ? { 'aria-current': 'page' } : {})}
                >
                  <Icon aria-hidden strokeWidth={1.75} />
                  {t(id)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <section className="settings-section" aria-labelledby="settings-heading">
          <h2 id="settings-heading">{t(shown.id)}</h2>
          {shown.content()}
        </section>
      </div>
    </Page>
  );
}
