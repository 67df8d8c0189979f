import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import { formatsFor } from '../text/formats.ts';
import { useLanguage } from '../text/use-formats.ts';

/** What a screen reader says of a photo: kind, when, name, and how its backup stands. */
export function useItemText(): (item: TimelineItem) => string {
  const { t } = useTranslation('timeline');
  const language = useLanguage();
  return useMemo(() => {
    const formats = formatsFor(language);
    // Looked up once: hundreds of photos come by in a second.
    const kinds = {
      photo: t('kind_photo'),
      raw: t('kind_raw'),
      video: t('kind_video'),
      live: t('kindLive'),
    };
    const states = {
      safe: t('state_safe'),
      waiting: t('state_waiting'),
      failed: t('state_failed'),
      none: t('state_none'),
    };
    return (item) =>
      [
        kinds[item.live ? 'live' : item.kind],
        formats.wall(item.wall.slice(0, 19)),
        item.name,
        item.durationMs === null ? null : formats.duration(item.durationMs),
        states[item.state],
        item.copies > 1 ? t('copies', { count: item.copies }) : null,
      ]
        .filter((part) => part !== null)
        .join(', ');
  }, [t, language]);
}
