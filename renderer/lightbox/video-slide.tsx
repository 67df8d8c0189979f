import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import { useHost } from '../app/host.ts';

/** A video with the browser's own controls; the host serves the part that is played. Stops when it is left. */
export function VideoSlide({
  item,
  active,
}: {
  readonly item: TimelineItem;
  readonly active: boolean;
}): ReactElement {
  const { t } = useTranslation('lightbox');
  const host = useHost();
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!active) video.current?.pause();
  }, [active]);
  if (failed) return <p className="lightbox-nothing">{t('noVideo')}</p>;
  return (
    <video
      ref={video}
      className="lightbox-video"
      controls
      playsInline
      preload={active ? 'metadata' : 'none'}
      poster={item.picture === 'made' ? host.pictureUrl(item.id, 'preview') : undefined}
      src={host.pictureUrl(item.id, 'original')}
      aria-label={item.name}
      onError={() => {
        setFailed(true);
      }}
    />
  );
}
