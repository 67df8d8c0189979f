import { Images } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useStatus } from '../app/engine.tsx';
import { ButtonLink } from '../design/button.tsx';
import { EmptyState } from '../design/surface.tsx';
import { useFormats } from '../text/use-formats.ts';
import { Timeline } from './timeline.tsx';

/** All photos. */
export function TimelineView(): ReactElement {
  const { t } = useTranslation(['timeline', 'common']);
  const [everything] = useState({});
  return (
    <Timeline filter={everything} label={t('grid')} header={<Heading />} empty={<NoPhotos />} />
  );
}

function Heading(): ReactElement {
  const { t } = useTranslation('common');
  const formats = useFormats();
  const { photos } = useStatus();
  return (
    <header className="timeline-header">
      <h1>{t('photos')}</h1>
      <p className="timeline-count numeric">
        {t('nPhotos', { count: photos, number: formats.number(photos) })}
      </p>
    </header>
  );
}

/** Says why there is nothing yet, by what the engine is doing. */
function NoPhotos(): ReactElement {
  const { t } = useTranslation('timeline');
  const { activity, folders, scanned } = useStatus();
  const looking = activity === 'scanning' || activity === 'starting' || !scanned;
  if (folders.length === 0) {
    return (
      <EmptyState
        icon={Images}
        title={t('emptyTitle')}
        text={t('emptyNoFolders')}
        actions={
          <ButtonLink href="/welcome" variant="primary">
            {t('setUp')}
          </ButtonLink>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={Images}
      title={t('emptyTitle')}
      text={looking ? t('emptyScanning') : t('emptyFolders')}
      actions={
        looking ? undefined : <ButtonLink href="/settings/folders">{t('addFolder')}</ButtonLink>
      }
    />
  );
}
