import { FolderOpen } from 'lucide-react';
import type { ReactElement } from 'react';
import { Link } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

import type { Album } from '../../shared/contract/app/timeline.ts';
import { useAppEvent, useAppQuery } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { EmptyState, ErrorState, Page, Skeleton } from '../design/surface.tsx';
import { useFormats } from '../text/use-formats.ts';

import './albums.css';

/** Folders with photos. */
export function AlbumsView(): ReactElement {
  const { t } = useTranslation(['common', 'search']);
  const { data, error, refetch } = useAppQuery('albums.list', {});
  useAppEvent('timelineChanged', () => void refetch());
  return (
    <Page title={t('albums')} width="full">
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : data.length === 0 ? (
        <EmptyState
          icon={FolderOpen}
          title={t('search:albumsEmptyTitle')}
          text={t('search:albumsEmpty')}
        />
      ) : (
        <ul className="albums">
          {data.map((album) => (
            <AlbumCard key={album.id} album={album} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function AlbumCard({ album }: { readonly album: Album }): ReactElement {
  const { t } = useTranslation('common');
  const formats = useFormats();
  const host = useHost();
  return (
    <li>
      <Link href={`/albums/${encodeURIComponent(album.id)}`} className="album">
        <span className="album-cover">
          {album.cover === null ? (
            <FolderOpen aria-hidden strokeWidth={1.25} />
          ) : (
            <img
              src={host.pictureUrl(album.cover, 'grid')}
              alt=""
              loading="lazy"
              decoding="async"
            />
          )}
        </span>
        <span className="album-name">{album.name}</span>
        <span className="album-count numeric">
          {t('nPhotos', { count: album.count, number: formats.number(album.count) })}
        </span>
      </Link>
    </li>
  );
}

function Waiting(): ReactElement {
  const { t } = useTranslation('common');
  return (
    <div className="albums" aria-busy role="status" aria-label={t('loading')}>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <div key={key} className="album">
          <span className="skeleton album-cover" />
          <Skeleton width="60%" />
        </div>
      ))}
    </div>
  );
}
