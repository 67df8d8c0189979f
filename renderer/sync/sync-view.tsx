import { CloudUpload, Plus } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useStatus } from '../app/engine.tsx';
import { ButtonLink } from '../design/button.tsx';
import { EmptyState, Page } from '../design/surface.tsx';
import { Tabs } from '../design/tabs.tsx';
import { useFormats } from '../text/use-formats.ts';
import { DestinationCard } from './destination-card.tsx';
import { History } from './history.tsx';
import { Overview } from './overview.tsx';
import { PauseControl } from './pause-control.tsx';
import { Problems } from './problems.tsx';
import { Notices, Questions } from './questions.tsx';

import './sync.css';

/** Where every photo stands, what is happening, and what needs a person. */
export default function SyncView(): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const { activity, failed } = useStatus();
  const [tab, setTab] = useState('destinations');
  if (activity === 'setup') {
    return (
      <Page title={t('title')}>
        <EmptyState
          icon={CloudUpload}
          title={t('setupTitle')}
          text={t('setupText')}
          actions={
            <ButtonLink href="/welcome" variant="primary">
              {t('setUp')}
            </ButtonLink>
          }
        />
        <Notices />
      </Page>
    );
  }
  return (
    <Page title={t('title')} actions={<PauseControl />}>
      <Questions />
      <Overview />
      <Notices />
      <Tabs
        label={t('parts')}
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: 'destinations', title: t('destinations'), content: <Destinations /> },
          {
            id: 'problems',
            title:
              failed === 0 ? t('problems') : t('problemsN', { number: formats.number(failed) }),
            content: <Problems ignored={false} />,
          },
          { id: 'ignored', title: t('ignored'), content: <Problems ignored /> },
          { id: 'history', title: t('history'), content: <History /> },
        ]}
      />
    </Page>
  );
}

function Destinations(): ReactElement {
  const { t } = useTranslation('sync');
  const { destinations } = useStatus();
  return (
    <div className="sync-destinations">
      {destinations.map((destination) => (
        <DestinationCard key={destination.id} destination={destination} />
      ))}
      <div>
        <ButtonLink href="/settings/destinations" icon={Plus}>
          {t('addDestination')}
        </ButtonLink>
      </div>
    </div>
  );
}
