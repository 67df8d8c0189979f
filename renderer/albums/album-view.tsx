import { FolderOpen } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';

import { useAppQuery } from '../app/engine.tsx';
import { Breadcrumbs, EmptyState } from '../design/surface.tsx';
import { useFormats } from '../text/use-formats.ts';
import { Timeline } from '../timeline/timeline.tsx';

import './albums.css';

/** The photos of one album. */
export function AlbumView(): ReactElement {
  const { id } = useParams<{ id: string }>();
  return <AlbumOf key={id} id={id} />;
}

function AlbumOf({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation(['common', 'search']);
  const formats = useFormats();
  const [filter] = useState({ album: id });
  const album = useAppQuery('albums.list', {}).data?.find((each) => each.id === id);
  const name = album?.name ?? '';
  return (
    <Timeline
      filter={filter}
      label={t('search:albumPhotos', { name })}
      header={
        <div className="album-header">
          <Breadcrumbs crumbs={[{ title: t('albums'), to: '/albums' }, { title: name }]} />
          <div>
            <h1>{name}</h1>
            {album === undefined ? null : (
              <span className="album-path">
                {t('nPhotos', { count: album.count, number: formats.number(album.count) })} ·{' '}
                {album.path}
              </span>
            )}
          </div>
        </div>
      }
      empty={
        <EmptyState
          icon={FolderOpen}
          title={t('search:albumEmptyTitle')}
          text={t('search:albumEmpty')}
        />
      }
    />
  );
}
