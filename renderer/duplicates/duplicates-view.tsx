import { useInfiniteQuery } from '@tanstack/react-query';
import { CopyCheck, FolderSearch } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { Duplicate } from '../../shared/contract/app/timeline.ts';
import { queryKey, useConnected, useSession } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { EmptyState, ErrorState, Page, Skeleton } from '../design/surface.tsx';
import { Lightbox } from '../lightbox/lightbox.tsx';
import { useFormats } from '../text/use-formats.ts';
import { usePhotoActions } from '../timeline/use-photo-actions.tsx';

import './duplicates.css';

const PAGE = 50;
const FIRST: string | null = null;
/** For the lightbox: it moves through duplicates only. */
const FILTER = { duplicates: true };

/** Photos that lie on this computer several times, with every place. Nothing is deleted here. */
export function DuplicatesView(): ReactElement {
  const { t } = useTranslation(['common', 'search']);
  const formats = useFormats();
  const session = useSession();
  const [opened, setOpened] = useState<string | null>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    {
      queryKey: queryKey('duplicates.page'),
      queryFn: ({ pageParam, signal }) =>
        session.call('duplicates.page', { cursor: pageParam, limit: PAGE }, signal),
      initialPageParam: FIRST,
      getNextPageParam: ({ cursor }) => cursor,
      enabled: useConnected(),
    },
  );
  const { showInFolder, dialogs } = usePhotoActions();
  const total = data?.pages.at(-1)?.total ?? 0;
  return (
    <Page title={t('duplicates')}>
      {data === undefined ? (
        error === null ? (
          <div aria-busy role="status" aria-label={t('loading')}>
            <Skeleton height="6rem" />
          </div>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : total === 0 ? (
        <EmptyState
          icon={CopyCheck}
          title={t('search:duplicatesEmptyTitle')}
          text={t('search:duplicatesEmpty')}
        />
      ) : (
        <>
          <p className="duplicates-help">{t('search:duplicatesHelp')}</p>
          <h2 className="numeric">
            {t('search:duplicatesFound', { count: total, number: formats.number(total) })}
          </h2>
          <ul className="duplicates">
            {data.pages
              .flatMap(({ duplicates }) => duplicates)
              .map((duplicate) => (
                <DuplicateCard
                  key={duplicate.item.id}
                  duplicate={duplicate}
                  onOpen={setOpened}
                  onShow={showInFolder}
                />
              ))}
          </ul>
          {hasNextPage ? (
            <Button isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()}>
              {t('search:showMore')}
            </Button>
          ) : null}
        </>
      )}
      {dialogs}
      {opened === null ? null : (
        <Lightbox
          id={opened}
          filter={FILTER}
          onClose={() => {
            setOpened(null);
          }}
        />
      )}
    </Page>
  );
}

function DuplicateCard({
  duplicate: { item, bytes, paths },
  onOpen,
  onShow,
}: {
  readonly duplicate: Duplicate;
  readonly onOpen: (id: string) => void;
  readonly onShow: (id: string) => void;
}): ReactElement {
  const { t } = useTranslation(['search', 'timeline']);
  const formats = useFormats();
  const host = useHost();
  return (
    <li className="duplicate">
      <button
        type="button"
        className="duplicate-picture"
        aria-label={t('openPhoto', { name: item.name })}
        onClick={() => {
          onOpen(item.id);
        }}
      >
        {item.picture === 'made' ? (
          <img src={host.pictureUrl(item.id, 'grid')} alt="" loading="lazy" decoding="async" />
        ) : null}
      </button>
      <div className="duplicate-text">
        <h3>{item.name}</h3>
        <p className="duplicate-facts numeric">
          {formats.wall(item.wall.slice(0, 19))} ·{' '}
          {t('duplicatesSize', { copies: paths.length, size: formats.bytes(bytes) })}
        </p>
        <ul>
          {paths.map((path) => (
            <li key={path} className="duplicate-path">
              {path}
            </li>
          ))}
        </ul>
      </div>
      <Button
        size="small"
        variant="quiet"
        icon={FolderSearch}
        onPress={() => {
          onShow(item.id);
        }}
      >
        {t('timeline:showInFolder')}
      </Button>
    </li>
  );
}
