import {
  CirclePause,
  CircleAlert,
  CloudCheck,
  FileCheck,
  History as HistoryIcon,
  Play,
  Settings2,
  type LucideIcon,
} from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import type { ActivityEntry } from '../../shared/contract/app/status.ts';
import { queryKey, useAppEvent, useStatus } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { FailureDetail } from '../design/note.tsx';
import { EmptyState, ErrorState, Skeleton } from '../design/surface.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { useFormats } from '../text/use-formats.ts';
import { useActivityPages } from './use-pages.ts';

const ICONS: Readonly<Record<ActivityEntry['kind'], LucideIcon>> = {
  backedUp: CloudCheck,
  failed: CircleAlert,
  verified: FileCheck,
  paused: CirclePause,
  resumed: Play,
  started: Play,
  changed: Settings2,
};

/** What happened so far, newest first. */
export function History(): ReactElement {
  const { t } = useTranslation('sync');
  const queries = useQueryClient();
  const pages = useActivityPages();
  useAppEvent('activityAdded', () => {
    void queries.invalidateQueries({ queryKey: queryKey('activity.page') });
  });
  if (pages.isPending) return <Skeleton height="12rem" />;
  if (pages.isError) {
    return (
      <ErrorState
        error={pages.error}
        onRetry={() => {
          void pages.refetch();
        }}
      />
    );
  }
  const entries = pages.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) {
    return <EmptyState icon={HistoryIcon} title={t('noHistory')} text={t('noHistoryText')} />;
  }
  return (
    <div className="sync-list-area">
      <ol className="sync-list">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {pages.hasNextPage ? (
        <div className="sync-more">
          <Button
            isPending={pages.isFetchingNextPage}
            onPress={() => {
              void pages.fetchNextPage();
            }}
          >
            {t('showOlder')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Entry({ entry }: { readonly entry: ActivityEntry }): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const failureText = useFailureText();
  const { destinations } = useStatus();
  const { kind, photos, bytes, destination, failure, atMs } = entry;
  const Icon = ICONS[kind];
  const where = destinations.find(({ id }) => id === destination)?.name;
  const about = [
    ...(where === undefined ? [] : [where]),
    ...(bytes === 0 ? [] : [formats.bytes(bytes)]),
    formats.moment(atMs),
  ];
  return (
    <li className="sync-entry" data-kind={failure === null ? kind : 'failed'}>
      <Icon aria-hidden strokeWidth={1.75} />
      <div className="sync-problem-words">
        <p>{t(`entry_${kind}`, { count: photos, number: formats.number(photos) })}</p>
        {failure === null ? null : <p className="sync-problem-why">{failureText(failure).what}</p>}
        <p className="sync-soft numeric">{about.join(' · ')}</p>
        {failure === null ? null : <FailureDetail error={failure} />}
      </div>
    </li>
  );
}
