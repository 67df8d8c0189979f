import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppQuery } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';

/** The video of a Live Photo over its photo, once and without sound; a sentence where it cannot be played. */
export function LiveFilm({
  id,
  onEnd,
}: {
  /** The photo. */
  readonly id: string;
  readonly onEnd: () => void;
}): ReactElement | null {
  const { t } = useTranslation('lightbox');
  const host = useHost();
  const { data, error } = useAppQuery('asset.details', { id });
  const [failed, setFailed] = useState(false);
  if (failed || error !== null || data?.film === null) {
    return (
      <p className="lightbox-film-note" role="status">
        {t('noFilm')}
      </p>
    );
  }
  if (data === undefined) return null;
  return (
    <video
      className="lightbox-film"
      autoPlay
      muted
      playsInline
      src={host.pictureUrl(data.film, 'original')}
      aria-label={t('film')}
      onEnded={onEnd}
      onError={() => {
        setFailed(true);
      }}
    />
  );
}
